/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_LIST_H
#define HOST_LINUX_LIST_H

#include <linux/kernel.h>
#include <linux/types.h>

#define LIST_HEAD(name) struct list_head name = { &(name), &(name) }

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

static inline void list_add_tail(struct list_head *node, struct list_head *list)
{
	node->next = list;
	node->prev = list->prev;
	list->prev->next = node;
	list->prev = node;
}

static inline void list_add(struct list_head *node, struct list_head *list)
{
	list_add_tail(node, list->next);
}

/* A node that is deleted twice is a bug: let it fault. */
static inline void list_del(struct list_head *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	node->next = NULL;
	node->prev = NULL;
}

static inline void list_move_tail(struct list_head *node,
				  struct list_head *list)
{
	list_del(node);
	list_add_tail(node, list);
}

/* Behind what is in @list already. */
static inline void list_splice_tail_init(struct list_head *from,
					 struct list_head *list)
{
	if (list_empty(from))
		return;
	from->next->prev = list->prev;
	list->prev->next = from->next;
	from->prev->next = list;
	list->prev = from->prev;
	INIT_LIST_HEAD(from);
}

static inline void list_splice_init(struct list_head *from,
				    struct list_head *list)
{
	list_splice_tail_init(from, list->next);
}

#define list_entry(node, type, member) container_of(node, type, member)
#define list_first_entry(list, type, member) \
	container_of((list)->next, type, member)
#define list_first_entry_or_null(list, type, member) \
	(list_empty(list) ? NULL : list_first_entry(list, type, member))

#define list_for_each_entry(entry, list, member)			\
	for (entry = container_of((list)->next, __typeof__(*entry), member); \
	     &entry->member != (list);					\
	     entry = container_of(entry->member.next,			\
				  __typeof__(*entry), member))

#define list_for_each_entry_safe(entry, following, list, member)	\
	for (entry = container_of((list)->next, __typeof__(*entry), member), \
	     following = container_of(entry->member.next,		\
				      __typeof__(*entry), member);	\
	     &entry->member != (list);					\
	     entry = following,						\
	     following = container_of(entry->member.next,		\
				      __typeof__(*entry), member))

#define INIT_HLIST_HEAD(list) ((list)->first = NULL)

static inline void hlist_add_head(struct hlist_node *node,
				  struct hlist_head *list)
{
	node->next = list->first;
	node->pprev = &list->first;
	if (list->first)
		list->first->pprev = &node->next;
	list->first = node;
}

static inline void hlist_del(struct hlist_node *node)
{
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
	node->next = NULL;
	node->pprev = NULL;
}

#define hlist_entry_or_null(node, type, member) ({			\
	struct hlist_node *node_ = (node);				\
									\
	node_ ? container_of(node_, type, member) : NULL;		\
})

#define hlist_for_each_entry(entry, list, member)			\
	for (entry = hlist_entry_or_null((list)->first,			\
					 __typeof__(*entry), member);	\
	     entry;							\
	     entry = hlist_entry_or_null(entry->member.next,		\
					 __typeof__(*entry), member))

#endif
