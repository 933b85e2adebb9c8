/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A request between its ring slot and its response, and chains of them.
 */
#ifndef XEN_BLKBACK_REQUEST_H
#define XEN_BLKBACK_REQUEST_H

#include <linux/bio.h>
#include <linux/compiler.h>
#include <linux/llist.h>
#include "command.h"
#include "transfer.h"

struct blk_queue;

/**
 * enum blk_stage - how far a request has come
 * @BLK_DESCRIPTORS: its segments still have to be fetched from the guest
 * @BLK_FETCHING: what fetches them is in the batch
 * @BLK_SEGMENTS: its segments are known, pages are wanted
 * @BLK_PREPARED: operations are in the batch
 */
enum blk_stage {
	BLK_DESCRIPTORS,
	BLK_FETCHING,
	BLK_SEGMENTS,
	BLK_PREPARED,
};

/**
 * enum blk_outcome - how a request ended
 * @BLK_DONE: well
 * @BLK_REFUSED: it is malformed; its verdict says why
 * @BLK_NO_GRANT: Xen refused a grant
 * @BLK_NO_DISK: the disk failed it
 * @BLK_NO_MEMORY: the queue stopped before it could get pages
 * @BLK_NO_TIME: the queue stopped before a long discard was through
 */
enum blk_outcome {
	BLK_DONE,
	BLK_REFUSED,
	BLK_NO_GRANT,
	BLK_NO_DISK,
	BLK_NO_MEMORY,
	BLK_NO_TIME,
};

/**
 * struct blk_request - a request between its ring slot and its response
 * @queue: where it came from
 * @next: behind it in its chain
 * @completed: in the queue's list of requests that the disk is done with
 * @command: the request itself
 * @data: its segments
 * @vecs: the disk's view of them
 * @inline_segments: room for those of a request that is not indirect
 * @inline_vecs: the same for @vecs
 * @bio: what the disk is asked for
 * @fetch: brings the segments of an indirect request
 * @stage: how far it has come
 * @tries: times that Xen asked to repeat a copy
 * @verdict: what the checks said
 * @outcome: how it ended
 * @discarded: sectors of a discard that were handed to the disk
 */
struct blk_request {
	struct blk_queue *queue;
	struct blk_request *next;
	struct llist_node completed;
	struct blk_command command;
	struct blk_data data;
	struct bio_vec *vecs;
	struct blk_segment inline_segments[BLKIF_SEGMENTS];
	struct bio_vec inline_vecs[BLKIF_SEGMENTS];
	struct bio bio;
	struct blk_fetch fetch;
	u8 stage;
	u8 tries;
	enum blk_verdict verdict;
	enum blk_outcome outcome;
	u64 discarded;
};

/**
 * struct blk_chain - requests in order
 * @first: the head, or NULL
 * @last: where the pointer to the next one that joins goes
 *
 * They join at the end and leave at the head, so one pointer in each is enough.
 * A request is in one chain at most.
 */
struct blk_chain {
	struct blk_request *first;
	struct blk_request **last;
};

/**
 * blk_chain_init() - make a chain empty
 * @chain: the chain
 */
static inline void blk_chain_init(struct blk_chain *chain)
{
	chain->first = NULL;
	chain->last = &chain->first;
}

/**
 * blk_chain_empty() - is nobody there?
 * @chain: the chain; without its lock the answer may be old
 */
static inline bool blk_chain_empty(const struct blk_chain *chain)
{
	return !READ_ONCE(chain->first);
}

/**
 * blk_chain_add() - join at the end
 * @chain: the chain
 * @request: in no chain
 */
static inline void blk_chain_add(struct blk_chain *chain,
				 struct blk_request *request)
{
	request->next = NULL;
	WRITE_ONCE(*chain->last, request);
	chain->last = &request->next;
}

/**
 * blk_chain_take() - leave at the head
 * @chain: the chain
 *
 * Return: who was there, or NULL.
 */
static inline struct blk_request *blk_chain_take(struct blk_chain *chain)
{
	struct blk_request *request = chain->first;

	if (!request)
		return NULL;
	WRITE_ONCE(chain->first, request->next);
	if (!request->next)
		chain->last = &chain->first;
	return request;
}

/**
 * blk_chain_take_all() - empty a chain into a new one
 * @chain: empty afterwards
 * @all: receives who was in it; needs no blk_chain_init()
 */
static inline void blk_chain_take_all(struct blk_chain *chain,
				      struct blk_chain *all)
{
	blk_chain_init(all);
	if (blk_chain_empty(chain))
		return;
	*all = *chain;
	blk_chain_init(chain);
}

#endif /* XEN_BLKBACK_REQUEST_H */
