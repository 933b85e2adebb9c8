/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_LLIST_H
#define HOST_LINUX_LLIST_H

#include <linux/kernel.h>
#include <linux/types.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

static inline bool llist_empty(const struct llist_head *list)
{
	return !list->first;
}

static inline bool llist_add(struct llist_node *node, struct llist_head *list)
{
	bool first = !list->first;

	node->next = list->first;
	list->first = node;
	return first;
}

static inline struct llist_node *llist_del_all(struct llist_head *list)
{
	struct llist_node *all = list->first;

	list->first = NULL;
	return all;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *reversed = NULL, *next;

	for (; node; node = next) {
		next = node->next;
		node->next = reversed;
		reversed = node;
	}
	return reversed;
}

#define llist_entry_or_null(node, type, member)				\
	((node) ? container_of(node, type, member) : NULL)

#define llist_for_each_entry_safe(entry, following, node, member)	\
	for (struct llist_node *at = (node), *after;			\
	     at && (entry = container_of(at, __typeof__(*entry), member), \
		    after = at->next,					\
		    following = llist_entry_or_null(after,		\
						    __typeof__(*entry), \
						    member),		\
		    (void)following, true);				\
	     at = after)

#endif
