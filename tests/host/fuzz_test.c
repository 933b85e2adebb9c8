// SPDX-License-Identifier: GPL-2.0
/*
 * Random slots and random Xen answers, the same ones in each run.
 */
#include "test.h"
#include "fake.h"
#include "wire.h"
#include <linux/jiffies.h>
#include <xen/grant_table.h>
#include <xenmod/stats.h>
#include "mover.h"

#define SLOTS	1000000
#define ROUNDS	20000

/* xorshift64: small, and the same everywhere. */
static u64 seed;

static u64 random_bits(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static unsigned int random_below(unsigned int end)
{
	return (random_bits() >> 32) % end;
}

/* Half of them nearly right, or the checks at the end would see nothing. */
static void random_slot(const struct wire *wire, u8 *slot)
{
	unsigned int i;

	for (i = 0; i < BLKIF_SLOT_64; i++)
		slot[i] = random_bits() >> 32;
	if (random_below(2))
		return;
	slot[0] = random_below(8);
	slot[1] = random_below(14);
	if (random_below(4))
		wire_put(slot + wire->sector, random_below(4096), 8);
	if (slot[0] == BLKIF_OP_DISCARD && random_below(4))
		wire_put(slot + wire->discard_sectors, random_below(4096), 8);
	if (slot[0] == BLKIF_OP_INDIRECT) {
		slot[1] = random_below(3);
		wire_put(slot + 2, random_below(300), 2);
	}
	for (i = 0; slot[0] < BLKIF_OP_DISCARD && i < BLKIF_SEGMENTS; i++)
		wire_segment(wire, slot, i, random_bits(),
			     random_below(8) ? 0 : random_below(9),
			     random_below(16) ? 7 : random_below(9));
}

static void random_segments(struct blkif_segment *segment)
{
	unsigned int i;

	for (i = 0; i < BLK_MAX_INDIRECT; i++)
		segment[i] = (struct blkif_segment){
			.gref = random_bits(),
			.last_sect = random_below(256) ? 7 : random_bits() };
}

/* What a good command must be, said in other words than command.c's. */
static void expect_within(const struct blk_command *command,
			  const struct blk_data *data,
			  const struct blk_limits *limits)
{
	unsigned __int128 end = command->sector;
	unsigned int i, bytes = 0;

	assert_in_range(command->op, BLK_READ, BLK_DISCARD);
	if (limits->readonly)
		assert_int_equal(command->op, BLK_READ);
	assert_true(command->nr_segments <= (command->indirect ? 256 : 11));
	if (command->op != BLK_DISCARD)
		assert_true(command->nr_sectors <=
			    (command->indirect ? 256 : 11) * 8);
	end += command->nr_sectors;
	if (command->nr_sectors) {
		assert_true(end <= limits->nr_sectors);
		assert_int_equal(command->sector % limits->block_sectors, 0);
		assert_int_equal(command->nr_sectors % limits->block_sectors,
				 0);
	} else {
		assert_true(command->op == BLK_FLUSH ||
			    command->op == BLK_BARRIER);
	}
	for (i = 0; i < data->nr; i++) {
		assert_true(data->segment[i].length >= 512);
		assert_true(data->segment[i].offset + data->segment[i].length <=
			    4096);
		bytes += data->segment[i].length;
	}
	assert_int_equal(bytes, data->bytes);
	if (command->op != BLK_DISCARD)
		assert_int_equal(bytes, command->nr_sectors * 512);
}

static void slots(void **state)
{
	static const struct blk_limits limits[] = {
		{ 4096, 1, false, true, true }, { 4096, 8, false, true, false },
		{ 4000, 1, true, true, true }, { ~0ull, 1, false, false, false },
		{ 0, 8, false, true, true },
	};
	static struct blkif_segment indirect[BLK_MAX_INDIRECT];
	static struct blk_segment segments[BLK_MAX_INDIRECT];
	struct blk_data data = { .segment = segments };
	unsigned int round, seen[BLK_VERDICTS] = { 0 };
	struct blk_command command;
	enum blk_verdict verdict;
	u8 slot[BLKIF_SLOT_64];
	u64 id = 0;

	seed = 0x9e3779b97f4a7c15ull;
	for (round = 0; round < SLOTS; round++) {
		const struct blk_limits *limit =
			&limits[random_below(ARRAY_SIZE(limits))];
		const struct wire *wire = &wires[round & 1];

		if (round % 1024 == 0)
			random_segments(indirect);
		random_slot(wire, slot);
		memcpy(&id, slot + wire->id, sizeof(id));
		verdict = wire_decode(wire, slot, &command);
		assert_true(command.id == id);
		if (verdict == BLK_GOOD)
			verdict = blk_command_check(&command, command.indirect ?
						    indirect : command.segment,
						    limit);
		assert_true(verdict < BLK_VERDICTS);
		seen[verdict]++;
		if (verdict != BLK_GOOD)
			continue;
		blk_data_init(&data, command.indirect ? indirect :
			      command.segment, command.nr_segments,
			      command.op == BLK_READ);
		expect_within(&command, &data, limit);
	}
	for (round = 0; round < BLK_VERDICTS; round++)
		assert_true(seen[round] > 100);
}

/* A request's life with random policy, memory and answers of Xen. */
static void one_request(struct mover *mover, struct blk_data *data)
{
	struct blk_transfer *transfer = &mover->transfer;
	struct blkif_segment wire[BLKIF_SEGMENTS];
	unsigned int i, nr = 1 + random_below(BLKIF_SEGMENTS);
	bool deliver = random_below(4);

	transfer->policy = (struct blk_policy){
		random_below(2), random_below(2), random_below(16) * 4096 };
	for (i = 0; i < nr; i++)
		wire[i] = (struct blkif_segment){
			/* Some do not exist. */
			.gref = random_below(FAKE_REFS + FAKE_REFS / 64),
			.first_sect = random_below(4),
			.last_sect = 4 + random_below(4) };
	if (!random_below(4))
		fake_memory.pages_left = random_below(8);
	fake_memory.allocations_left = random_below(20);
	blk_data_init(data, wire, nr, random_below(2));
	deliver = mover_prepare(mover, data) && deliver;
	fake_memory.pages_left = FAKE_FOREVER;
	fake_memory.allocations_left = FAKE_FOREVER;
	xenmod_batch_flush(&transfer->bring);
	deliver = blk_data_arrived(data) && deliver;
	mover_finish(mover, data, deliver);
	assert_true(xenmod_batch_empty(&transfer->bring));
	assert_true(xenmod_batch_empty(&transfer->end));
	assert_int_equal(transfer->memory.nr_used, 0);
	assert_int_equal(transfer->mappable.nr_used, transfer->cache.nr);
	assert_int_equal(fake_xen.mapped, transfer->cache.nr);
	assert_true(transfer->cache.nr <= transfer->cache.max);
	assert_true(fake_memory.pages <= transfer->memory.limit);
	assert_true(fake_memory.mappable <= transfer->mappable.limit);
}

static void transfers(void **state)
{
	struct blk_segment segments[BLKIF_SEGMENTS];
	struct blk_data data = { .segment = segments };
	struct mover mover;
	unsigned int round;

	seed = 0xd1b54a32d192ed03ull;
	assert_int_equal(mover_init(&mover, 5, 25, 12), 0);
	for (round = 0; round < ROUNDS; round++) {
		one_request(&mover, &data);
		jiffies += random_below(HZ / 4);
		if (!random_below(20))
			xenmod_pool_trim(random_below(2) ?
					 &mover.transfer.memory :
					 &mover.transfer.mappable,
					 random_below(10));
		if (!random_below(500))
			mover_shrink(&mover, random_below(2) * HZ,
				     random_below(12));
	}
	assert_true(mover.stats.count[XENMOD_PERSISTENT_HITS] > 10);
	assert_true(mover.stats.count[XENMOD_GRANT_ERRORS] > 100);
	assert_true(mover.stats.count[XENMOD_UNMAP_OPS] > 100);
	mover_destroy(&mover);
	assert_int_equal(fake_warnings, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots),
		cmocka_unit_test_setup_teardown(transfers, fake_reset,
						fake_verify),
	};

	return cmocka_run_group_tests_name("fuzz", tests, NULL, NULL);
}
