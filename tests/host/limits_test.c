// SPDX-License-Identifier: GPL-2.0
/*
 * Commands held against their disk.
 */
#include "test.h"
#include "command.h"
#include <linux/types.h>

#define HUGE	(~0ull)

static const struct blk_limits disk = { .nr_sectors = 2048, .block_sectors = 1 };

static enum blk_verdict check_one(enum blk_op op, u64 sector, u8 first, u8 last,
				  const struct blk_limits *limits)
{
	struct blkif_segment segment = { .first_sect = first, .last_sect = last };
	struct blk_command command = {
		.op = op, .sector = sector, .nr_segments = 1 };

	return blk_command_check(&command, &segment, limits);
}

static enum blk_verdict check_discard(u64 sector, u64 nr,
				      const struct blk_limits *limits)
{
	struct blk_command command = {
		.op = BLK_DISCARD, .sector = sector, .nr_sectors = nr };

	return blk_command_check(&command, command.segment, limits);
}

static void every_pair_of_sectors(void **state)
{
	static const enum blk_op ops[] = {
		BLK_READ, BLK_WRITE, BLK_FLUSH, BLK_BARRIER };
	unsigned int i, first, last;

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		for (first = 0; first < 256; first++)
			for (last = 0; last < 256; last++)
				assert_int_equal(
					check_one(ops[i], 0, first, last,
						  &disk),
					last < 8 && first <= last ?
						BLK_GOOD : BLK_BAD_SEGMENT);
}

/* A disk of 4K blocks: whole pages only. */
static void large_blocks(void **state)
{
	struct blk_limits limits = { .nr_sectors = 2048, .block_sectors = 8 };
	unsigned int first, last, sector;

	for (first = 0; first < 8; first++)
		for (last = first; last < 8; last++)
			assert_int_equal(check_one(BLK_READ, 0, first, last,
						   &limits),
					 first == 0 && last == 7 ?
						 BLK_GOOD : BLK_BAD_ALIGNMENT);
	for (sector = 0; sector < 32; sector++)
		assert_int_equal(check_one(BLK_WRITE, sector, 0, 7, &limits),
				 sector % 8 ? BLK_BAD_ALIGNMENT : BLK_GOOD);

	limits.block_sectors = 2;
	assert_int_equal(check_one(BLK_READ, 2, 2, 5, &limits), BLK_GOOD);
	assert_int_equal(check_one(BLK_READ, 2, 1, 5, &limits),
			 BLK_BAD_ALIGNMENT);
	assert_int_equal(check_one(BLK_READ, 2, 2, 4, &limits),
			 BLK_BAD_ALIGNMENT);
}

/* One bad segment spoils a request wherever it stands. */
static void every_segment_is_checked(void **state)
{
	unsigned int bad, i;

	for (bad = 0; bad < BLKIF_SEGMENTS; bad++) {
		struct blk_command command = {
			.op = BLK_READ, .nr_segments = BLKIF_SEGMENTS };

		for (i = 0; i < BLKIF_SEGMENTS; i++)
			command.segment[i].last_sect = 7;
		assert_int_equal(blk_command_check(&command, command.segment,
						   &disk), BLK_GOOD);
		assert_int_equal(command.nr_sectors, 88);
		command.segment[bad].last_sect = 8;
		assert_int_equal(blk_command_check(&command, command.segment,
						   &disk), BLK_BAD_SEGMENT);
	}
}

static void sectors_add_up(void **state)
{
	struct blkif_segment segment[BLK_MAX_INDIRECT];
	struct blk_command command = {
		.op = BLK_WRITE, .nr_segments = BLK_MAX_INDIRECT,
		.nr_sectors = 12345 };
	struct blk_limits limits = disk;
	unsigned int i, sum = 0;

	for (i = 0; i < BLK_MAX_INDIRECT; i++) {
		segment[i].first_sect = i % 5;
		segment[i].last_sect = 4 + i % 4;
		sum += 5 + i % 4 - i % 5;
	}
	limits.nr_sectors = sum;
	assert_int_equal(blk_command_check(&command, segment, &limits),
			 BLK_GOOD);
	assert_int_equal(command.nr_sectors, sum);
	limits.nr_sectors = sum - 1;
	assert_int_equal(blk_command_check(&command, segment, &limits),
			 BLK_BAD_RANGE);
}

static void the_end_of_the_disk(void **state)
{
	u64 sector;

	for (sector = 2030; sector < 2060; sector++)
		assert_int_equal(check_one(BLK_READ, sector, 0, 7, &disk),
				 sector <= 2040 ? BLK_GOOD : BLK_BAD_RANGE);
	/* Sums that wrap are not small. */
	for (sector = HUGE; sector > HUGE - 64; sector--)
		assert_int_equal(check_one(BLK_WRITE, sector, 0, 7, &disk),
				 BLK_BAD_RANGE);
	assert_int_equal(check_one(BLK_READ, 1ull << 63, 0, 7, &disk),
			 BLK_BAD_RANGE);
}

static void odd_sizes_of_disks(void **state)
{
	struct blk_limits limits = { .nr_sectors = 0, .block_sectors = 1 };

	/* No medium. */
	assert_int_equal(check_one(BLK_READ, 0, 0, 0, &limits), BLK_BAD_RANGE);
	limits.nr_sectors = 1;
	assert_int_equal(check_one(BLK_READ, 0, 0, 0, &limits), BLK_GOOD);
	assert_int_equal(check_one(BLK_READ, 0, 0, 1, &limits), BLK_BAD_RANGE);
	limits.nr_sectors = HUGE;
	assert_int_equal(check_one(BLK_READ, HUGE - 8, 0, 7, &limits),
			 BLK_GOOD);
	assert_int_equal(check_one(BLK_READ, HUGE - 7, 0, 7, &limits),
			 BLK_BAD_RANGE);
}

static void read_only_disks(void **state)
{
	struct blk_limits limits = {
		.nr_sectors = 2048, .block_sectors = 1, .readonly = true,
		.discard = true };

	assert_int_equal(check_one(BLK_READ, 0, 0, 7, &limits), BLK_GOOD);
	assert_int_equal(check_one(BLK_WRITE, 0, 0, 7, &limits), BLK_READ_ONLY);
	assert_int_equal(check_one(BLK_FLUSH, 0, 0, 7, &limits), BLK_READ_ONLY);
	assert_int_equal(check_one(BLK_BARRIER, 0, 0, 7, &limits),
			 BLK_READ_ONLY);
	assert_int_equal(check_discard(0, 8, &limits), BLK_READ_ONLY);
	/* Said even if all else is wrong too. */
	assert_int_equal(check_one(BLK_WRITE, HUGE, 9, 3, &limits),
			 BLK_READ_ONLY);
}

/* An empty one carries no range, whatever its sector says. */
static void check_flush(enum blk_op op)
{
	struct blk_limits limits = { .nr_sectors = 16, .block_sectors = 8 };
	struct blk_command command = { .op = op, .sector = HUGE,
				       .nr_sectors = 99 };

	assert_int_equal(blk_command_check(&command, command.segment, &limits),
			 BLK_GOOD);
	assert_int_equal(command.nr_sectors, 0);
	assert_int_equal(check_one(op, 8, 0, 7, &limits), BLK_GOOD);
	assert_int_equal(check_one(op, 16, 0, 7, &limits), BLK_BAD_RANGE);
	assert_int_equal(check_one(op, 4, 0, 7, &limits), BLK_BAD_ALIGNMENT);
}

static void flushes_and_barriers(void **state)
{
	check_flush(BLK_FLUSH);
	check_flush(BLK_BARRIER);
}

static void discards(void **state)
{
	struct blk_limits limits = {
		.nr_sectors = 2048, .block_sectors = 8, .discard = true };

	assert_int_equal(check_discard(0, 2048, &limits), BLK_GOOD);
	assert_int_equal(check_discard(2040, 8, &limits), BLK_GOOD);
	assert_int_equal(check_discard(0, 0, &limits), BLK_BAD_COUNT);
	assert_int_equal(check_discard(0, 2056, &limits), BLK_BAD_RANGE);
	assert_int_equal(check_discard(2048, 8, &limits), BLK_BAD_RANGE);
	assert_int_equal(check_discard(8, 2048, &limits), BLK_BAD_RANGE);
	assert_int_equal(check_discard(4, 8, &limits), BLK_BAD_ALIGNMENT);
	assert_int_equal(check_discard(8, 4, &limits), BLK_BAD_ALIGNMENT);
	assert_int_equal(check_discard(-8ull, 8, &limits), BLK_BAD_RANGE);
	assert_int_equal(check_discard(8, -8ull, &limits), BLK_BAD_RANGE);
	assert_int_equal(check_discard(-8ull, 16, &limits), BLK_BAD_RANGE);

	limits.discard = false;
	assert_int_equal(check_discard(0, 8, &limits), BLK_UNSUPPORTED);
}

static void secure_discards(void **state)
{
	struct blk_limits limits = { .nr_sectors = 2048, .block_sectors = 8 };
	struct blk_command command = { .op = BLK_DISCARD, .nr_sectors = 8,
				       .secure = true };
	unsigned int i;

	/* Never done by half: what cannot be erased is not discarded. */
	for (i = 0; i < 4; i++) {
		limits.discard = i & 1;
		limits.secure = i & 2;
		assert_int_equal(blk_command_check(&command, command.segment,
						   &limits),
				 i == 3 ? BLK_GOOD : BLK_UNSUPPORTED);
	}
	command.sector = 2048;
	assert_int_equal(blk_command_check(&command, command.segment, &limits),
			 BLK_BAD_RANGE);
	limits.readonly = true;
	assert_int_equal(blk_command_check(&command, command.segment, &limits),
			 BLK_READ_ONLY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_of_sectors),
		cmocka_unit_test(large_blocks),
		cmocka_unit_test(every_segment_is_checked),
		cmocka_unit_test(sectors_add_up),
		cmocka_unit_test(the_end_of_the_disk),
		cmocka_unit_test(odd_sizes_of_disks),
		cmocka_unit_test(read_only_disks),
		cmocka_unit_test(flushes_and_barriers),
		cmocka_unit_test(discards),
		cmocka_unit_test(secure_discards),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
