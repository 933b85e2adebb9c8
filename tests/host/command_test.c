// SPDX-License-Identifier: GPL-2.0
/*
 * From slot to command, from command to response, in each layout.
 */
#include "test.h"
#include "wire.h"

#define ID	0x1122334455667788ull
#define SECTOR	0x0102030405060708ull

/* Runs the rest of a test for each layout. */
#define for_each_wire(wire) \
	for (wire = wires; wire < wires + ARRAY_SIZE(wires); wire++)

static void layouts(void **state)
{
	assert_int_equal(blkif_slot_size(BLKIF_ABI_64), 112);
	assert_int_equal(blkif_slot_size(BLKIF_ABI_X86_32), 108);
	assert_int_equal(sizeof(struct blkif_segment), 8);
	assert_int_equal(offsetof(struct blkif_request, id), 8);
	assert_int_equal(offsetof(struct blkif_request, sector), 16);
	assert_int_equal(offsetof(struct blkif_request, segment), 24);
	assert_int_equal(offsetof(struct blkif_discard, nr_sectors), 24);
	assert_int_equal(offsetof(struct blkif_indirect, indirect_op), 1);
	assert_int_equal(offsetof(struct blkif_indirect, nr_segments), 2);
	assert_int_equal(offsetof(struct blkif_indirect, handle), 24);
	assert_int_equal(offsetof(struct blkif_indirect, gref), 28);
	assert_int_equal(offsetof(struct blkif_response, operation), 8);
	assert_int_equal(offsetof(struct blkif_response, status), 10);
}

static void reads_and_writes(void **state)
{
	static const struct {
		u8 wire;
		enum blk_op op;
	} ops[] = { { 0, BLK_READ }, { 1, BLK_WRITE }, { 2, BLK_BARRIER },
		    { 3, BLK_FLUSH } };
	const struct wire *wire;
	unsigned int i, nr, s;

	for_each_wire(wire)
		for (i = 0; i < ARRAY_SIZE(ops); i++)
			for (nr = 1; nr <= 11; nr++) {
				struct blk_command command;
				u8 slot[BLKIF_SLOT_64];

				memset(&command, 0xa5, sizeof(command));
				wire_head(wire, slot, ops[i].wire, nr, ID,
					  SECTOR);
				for (s = 0; s < nr; s++)
					wire_segment(wire, slot, s,
						     0xcafe0000 + s, s, s + 100);
				assert_int_equal(wire_decode(wire, slot,
							     &command),
						 BLK_GOOD);
				assert_int_equal(command.op, ops[i].op);
				assert_int_equal(command.wire_op, ops[i].wire);
				assert_true(command.id == ID);
				assert_true(command.sector == SECTOR);
				assert_int_equal(command.nr_segments, nr);
				assert_false(command.indirect);
				for (s = 0; s < nr; s++) {
					assert_int_equal(command.segment[s].gref,
							 0xcafe0000 + s);
					assert_int_equal(
						command.segment[s].first_sect,
						s);
					assert_int_equal(
						command.segment[s].last_sect,
						s + 100);
				}
			}
}

static void discards(void **state)
{
	const struct wire *wire;
	unsigned int flag;

	for_each_wire(wire)
		for (flag = 0; flag < 256; flag++) {
			struct blk_command command;
			u8 slot[BLKIF_SLOT_64];

			memset(&command, 0xa5, sizeof(command));
			wire_head(wire, slot, 5, flag, ID, SECTOR);
			wire_put(slot + wire->discard_sectors,
				 0xfedcba9876543210ull, 8);
			assert_int_equal(wire_decode(wire, slot, &command),
					 BLK_GOOD);
			/* Only bit 0 has a meaning. */
			assert_int_equal(command.secure, flag & 1);
			assert_true(command.id == ID);
			assert_int_equal(command.wire_op, 5);
			assert_int_equal(command.op, BLK_DISCARD);
			assert_true(command.sector == SECTOR);
			assert_true(command.nr_sectors ==
				    0xfedcba9876543210ull);
			assert_int_equal(command.nr_segments, 0);
			assert_false(command.indirect);
		}
}

static void indirect_slot(const struct wire *wire, u8 *slot, u8 op, u16 nr)
{
	wire_head(wire, slot, 6, op, ID, SECTOR);
	wire_put(slot + 2, nr, 2);
	wire_put(slot + wire->indirect_handle, 0xbeef, 2);
	wire_put(slot + wire->indirect_gref, 0x12345678, 4);
	wire_put(slot + wire->indirect_gref + 4, 0x9abcdef0, 4);
}

static void indirect_counts(void **state)
{
	const struct wire *wire;
	unsigned int nr;

	for_each_wire(wire)
		for (nr = 0; nr < 65536; nr++) {
			struct blk_command command;
			u8 slot[BLKIF_SLOT_64];

			indirect_slot(wire, slot, nr & 1, nr);
			assert_int_equal(wire_decode(wire, slot, &command),
					 nr >= 1 && nr <= 256 ? BLK_GOOD :
								BLK_BAD_COUNT);
			assert_true(command.id == ID);
			/* The response names the operation inside. */
			assert_int_equal(command.wire_op, nr & 1);
			if (nr < 1 || nr > 256)
				continue;
			assert_int_equal(command.op,
					 nr & 1 ? BLK_WRITE : BLK_READ);
			assert_true(command.indirect);
			assert_true(command.sector == SECTOR);
			assert_int_equal(command.nr_segments, nr);
			assert_int_equal(command.indirect_gref, 0x12345678);
		}
}

static void indirect_operations(void **state)
{
	const struct wire *wire;
	unsigned int op;

	for_each_wire(wire)
		for (op = 2; op < 256; op++) {
			struct blk_command command;
			u8 slot[BLKIF_SLOT_64];

			indirect_slot(wire, slot, op, 12);
			assert_int_equal(wire_decode(wire, slot, &command),
					 BLK_UNSUPPORTED);
			assert_true(command.id == ID);
			assert_int_equal(command.wire_op, op);
		}
}

static void segment_counts(void **state)
{
	static const u8 ops[] = { 0, 1, 2, 3 };
	const struct wire *wire;
	unsigned int i, nr;

	for_each_wire(wire)
		for (i = 0; i < ARRAY_SIZE(ops); i++)
			for (nr = 0; nr < 256; nr++) {
				bool good = nr <= 11 && (nr || ops[i] >= 2);
				struct blk_command command;
				u8 slot[BLKIF_SLOT_64];

				wire_head(wire, slot, ops[i], nr, ID, SECTOR);
				assert_int_equal(wire_decode(wire, slot,
							     &command),
						 good ? BLK_GOOD :
							BLK_BAD_COUNT);
				assert_true(command.id == ID);
				assert_int_equal(command.wire_op, ops[i]);
			}
}

static void other_operations(void **state)
{
	const struct wire *wire;
	unsigned int op;

	for_each_wire(wire)
		for (op = 0; op < 256; op++) {
			struct blk_command command;
			u8 slot[BLKIF_SLOT_64];

			if (op <= 3 || op == 5 || op == 6)
				continue;
			wire_head(wire, slot, op, 1, ID, SECTOR);
			assert_int_equal(wire_decode(wire, slot, &command),
					 BLK_UNSUPPORTED);
			assert_true(command.id == ID);
			assert_int_equal(command.wire_op, op);
		}
}

static void widening(void **state)
{
	union blkif_slot slot;
	u8 *bytes = (u8 *)&slot;
	unsigned int i;

	for (i = 0; i < sizeof(slot); i++)
		bytes[i] = i;
	blk_slot_widen(&slot);
	for (i = 0; i < 4; i++)
		assert_int_equal(bytes[i], i);
	for (i = 8; i < 112; i++)
		assert_int_equal(bytes[i], i - 4);
}

static void responses(void **state)
{
	static const s16 statuses[] = { 0, -1, -2 };
	const struct wire *wire;
	unsigned int i, b;

	for_each_wire(wire)
		for (i = 0; i < ARRAY_SIZE(statuses); i++) {
			struct blk_command command = {
				.id = ID, .wire_op = 0x42 };
			u8 slot[BLKIF_SLOT_64], right[16] = { 0 };

			memset(slot, 0xa5, sizeof(slot));
			blk_response_write(slot, wire->abi, &command,
					   statuses[i]);
			wire_put(right, ID, 8);
			right[8] = 0x42;
			wire_put(right + 10, (u16)statuses[i], 2);
			/* Padding is zero, or the guest would read the host. */
			assert_memory_equal(slot, right, wire->response);
			for (b = wire->response; b < sizeof(slot); b++)
				assert_int_equal(slot[b], 0xa5);
		}
}

static void verdicts(void **state)
{
	unsigned int i, j;

	assert_int_equal(blk_verdict_status(BLK_GOOD), 0);
	assert_int_equal(blk_verdict_status(BLK_UNSUPPORTED), -2);
	for (i = BLK_BAD_COUNT; i < BLK_VERDICTS; i++)
		assert_int_equal(blk_verdict_status(i), -1);
	for (i = 0; i < BLK_VERDICTS; i++) {
		assert_non_null(blk_verdict_text(i));
		assert_true(strlen(blk_verdict_text(i)) > 3);
		for (j = 0; j < i; j++)
			assert_string_not_equal(blk_verdict_text(i),
						blk_verdict_text(j));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts),
		cmocka_unit_test(reads_and_writes),
		cmocka_unit_test(discards),
		cmocka_unit_test(indirect_counts),
		cmocka_unit_test(indirect_operations),
		cmocka_unit_test(segment_counts),
		cmocka_unit_test(other_operations),
		cmocka_unit_test(widening),
		cmocka_unit_test(responses),
		cmocka_unit_test(verdicts),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
