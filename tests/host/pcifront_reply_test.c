// SPDX-License-Identifier: GPL-2.0
/*
 * What a backend can answer, good and bad, and how long it may take for it.
 */
#include <linux/errno.h>
#include <linux/pci.h>
#include "patience.h"
#include "reply.h"
#include "test.h"

#define SECOND	1000000000ULL

static void accesses(void **state)
{
	static const int places[] = {
		-0x7fffffff - 1, -4096, -4, -1, 4096, 4097, 0x7ffffffc,
		0x7fffffff };
	int where, size;
	unsigned int i;

	for (where = 0; where < PCIFRONT_CONFIG_SIZE; where++)
		for (size = -1; size <= 9; size++) {
			bool good = (size == 1 || size == 2 || size == 4) &&
				    where % size == 0;

			assert_true(pcifront_access_valid(where, size) == good);
		}
	for (i = 0; i < ARRAY_SIZE(places); i++)
		for (size = 1; size <= 4; size++)
			assert_false(pcifront_access_valid(places[i], size));
	assert_false(pcifront_access_valid(0, 0x7fffffff));
}

static void statuses(void **state)
{
	static const s32 others[] = {
		1, 5, 0x7fffffff, -6, -22, -12, -0x7fffffff - 1 };
	unsigned int i;

	assert_int_equal(pcifront_config_status(0), PCIBIOS_SUCCESSFUL);
	assert_int_equal(pcifront_config_status(-1), PCIBIOS_DEVICE_NOT_FOUND);
	assert_int_equal(pcifront_config_status(-2),
			 PCIBIOS_BAD_REGISTER_NUMBER);
	assert_int_equal(pcifront_config_status(-3), PCIBIOS_SET_FAILED);
	assert_int_equal(pcifront_config_status(-4),
			 PCIBIOS_FUNC_NOT_SUPPORTED);
	assert_int_equal(pcifront_config_status(-5), PCIBIOS_SET_FAILED);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(pcifront_config_status(others[i]),
				 PCIBIOS_SET_FAILED);
}

static void values_have_their_width(void **state)
{
	assert_int_equal(pcifront_config_value(0x10, 1, 0xdeadbeef), 0xef);
	assert_int_equal(pcifront_config_value(0x10, 2, 0xdeadbeef), 0xbeef);
	assert_int_equal(pcifront_config_value(0x10, 4, 0xdeadbeef),
			 0xdeadbeef);
	assert_int_equal(pcifront_config_value(0, 4, 0x10d38086), 0x10d38086);
	assert_int_equal(pcifront_config_value(0, 2, 0x10d38086), 0x8086);
}

static void bridges_are_nothing(void **state)
{
	u32 kind;

	/* One function or several: a device, as it is. */
	assert_int_equal(pcifront_config_value(0x0e, 1, 0x00), 0x00);
	assert_int_equal(pcifront_config_value(0x0e, 1, 0x80), 0x80);
	assert_int_equal(pcifront_config_value(0x0c, 4, 0xaa80bbcc),
			 0xaa80bbcc);
	for (kind = 1; kind < 0x80; kind++) {
		assert_int_equal(pcifront_config_value(0x0e, 1, kind), 0x7f);
		assert_int_equal(pcifront_config_value(0x0e, 1, 0x80 | kind),
				 0xff);
		assert_int_equal(pcifront_config_value(0x0e, 2,
						       0xee00 | kind), 0xee7f);
		assert_int_equal(pcifront_config_value(0x0c, 4,
						       0xaa00bbcc | kind << 16),
				 0xaa7fbbcc);
	}
	/* Its neighbours are no header type. */
	assert_int_equal(pcifront_config_value(0x0d, 1, 0x01), 0x01);
	assert_int_equal(pcifront_config_value(0x0f, 1, 0x01), 0x01);
	assert_int_equal(pcifront_config_value(0x0c, 2, 0x0101), 0x0101);
}

static void nobody_is_waited_for(void **state)
{
	assert_int_equal(pcifront_config_value(0, 4, 0xffff0001), 0xffffffff);
	assert_int_equal(pcifront_config_value(0, 4, 0x12340001), 0xffffffff);
	assert_int_equal(pcifront_config_value(0, 2, 0x0001), 0xffff);
	assert_int_equal(pcifront_config_value(0, 1, 0x01), 0x01);
	assert_int_equal(pcifront_config_value(4, 4, 0x00000001), 1);
}

static void msi(void **state)
{
	assert_int_equal(pcifront_msi_pirq(16), 16);
	assert_int_equal(pcifront_msi_pirq(55), 55);
	assert_int_equal(pcifront_msi_pirq(32767), 32767);
	assert_int_equal(pcifront_msi_pirq(0), -EINVAL);
	assert_int_equal(pcifront_msi_pirq(15), -EINVAL);
	assert_int_equal(pcifront_msi_pirq(32768), -EINVAL);
	assert_int_equal(pcifront_msi_pirq(0xffff), -EINVAL);
	assert_int_equal(pcifront_msi_pirq(0x80000000), -EINVAL);
	assert_int_equal(pcifront_msi_pirq(0xffffffff), -EINVAL);
	assert_int_equal(pcifront_msi_pirq(0x10037), -EINVAL);
}

static struct pciif_vector vectors[PCIIF_MAX_VECTORS];
static int pirqs[PCIIF_MAX_VECTORS];

static int all_good(void **state)
{
	unsigned int i;

	for (i = 0; i < PCIIF_MAX_VECTORS; i++) {
		vectors[i].entry = i;
		vectors[i].pirq = 100 + i;
		pirqs[i] = -1;
	}
	return 0;
}

static void msix_as_it_should_be(void **state)
{
	unsigned int i;

	assert_int_equal(pcifront_msix_pirqs(0, vectors, PCIIF_MAX_VECTORS,
					     pirqs), 0);
	for (i = 0; i < PCIIF_MAX_VECTORS; i++)
		assert_int_equal(pirqs[i], 100 + i);
}

static void msix_with_one_bad_vector(void **state)
{
	static const u16 bad[] = { 0, 1, 15, 32768, 0xffff };
	unsigned int i, place;

	for (place = 0; place < 8; place++) {
		for (i = 0; i < ARRAY_SIZE(bad); i++) {
			vectors[place].pirq = bad[i];
			assert_int_equal(pcifront_msix_pirqs(0, vectors, 8,
							     pirqs), -EINVAL);
		}
		vectors[place].pirq = 100 + place;
	}
	/* What was not asked for is not looked at. */
	vectors[8].pirq = 0;
	vectors[9].pirq = 100;
	assert_int_equal(pcifront_msix_pirqs(0, vectors, 8, pirqs), 0);
	assert_int_equal(pirqs[8], -1);
}

static void msix_with_a_vector_twice(void **state)
{
	unsigned int first, second;

	for (first = 0; first < 8; first++)
		for (second = 0; second < 8; second++) {
			if (first == second)
				continue;
			vectors[second].pirq = vectors[first].pirq;
			assert_int_equal(pcifront_msix_pirqs(0, vectors, 8,
							     pirqs), -EINVAL);
			vectors[second].pirq = 100 + second;
		}
}

static void msix_counts(void **state)
{
	static const u32 bad[] = {
		8, 9, 128, 129, 0x7fffffff, 0x80000000, 0xffffffff };
	unsigned int i;

	for (i = 1; i < 8; i++)
		assert_int_equal(pcifront_msix_pirqs(i, vectors, 8, pirqs), i);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(pcifront_msix_pirqs(bad[i], vectors, 8,
						     pirqs), -EINVAL);
	assert_int_equal(pirqs[0], -1);
}

static void reports(void **state)
{
	static const struct pciif_aer good = { 6, 2, 0, 1, 8 };
	struct pcifront_report report;
	struct pciif_aer aer;
	unsigned int cmd;
	int err;

	for (cmd = 0; cmd < 16; cmd++)
		for (err = -2; err < 8; err++) {
			bool fine = cmd >= 6 && cmd <= 9 &&
				    (cmd != 6 || (err >= 1 && err <= 3));

			aer = good;
			aer.cmd = cmd;
			aer.err = err;
			assert_int_equal(pcifront_report_check(&aer, &report),
					 fine ? 0 : -EINVAL);
			if (!fine)
				continue;
			assert_int_equal(report.cmd, cmd);
			assert_int_equal(report.state, cmd == 6 ? err : 0);
			assert_int_equal(report.bus, 1);
			assert_int_equal(report.devfn, 8);
		}
	aer = good;
	aer.domain = 0x10000;
	assert_int_equal(pcifront_report_check(&aer, &report), -EINVAL);
	aer = good;
	aer.bus = 0x100;
	assert_int_equal(pcifront_report_check(&aer, &report), -EINVAL);
	aer = good;
	aer.devfn = 0x100;
	assert_int_equal(pcifront_report_check(&aer, &report), -EINVAL);
}

static void quick_answers_cost_nothing(void **state)
{
	struct pcifront_patience patience;
	u64 now = 7 * SECOND;
	unsigned int i;

	pcifront_patience_init(&patience, 5 * SECOND, now);
	for (i = 0; i < 1000; i++) {
		now += PCIFRONT_FREE_NS;
		assert_true(pcifront_patience_spend(&patience,
						    PCIFRONT_FREE_NS, now));
	}
	assert_true(patience.left == 5 * SECOND);
}

/* Each just in time, one after the other. */
static void slow_answers_end(void **state)
{
	struct pcifront_patience patience;
	unsigned int answers = 0;
	u64 now = 0;

	pcifront_patience_init(&patience, 5 * SECOND, now);
	do {
		now += PCIFRONT_FREE_NS + SECOND;
		answers++;
		assert_true(answers < 100);
	} while (pcifront_patience_spend(&patience,
					 PCIFRONT_FREE_NS + SECOND, now));
	assert_in_range(answers, 5, 8);
}

static void patience_comes_back(void **state)
{
	struct pcifront_patience patience;
	u64 now = 0;
	unsigned int i;

	pcifront_patience_init(&patience, 5 * SECOND, now);
	for (i = 0; i < 100; i++) {
		now += 16 * SECOND;
		assert_true(pcifront_patience_spend(&patience,
						    PCIFRONT_FREE_NS + SECOND,
						    now));
	}
	/* But never more than there was. */
	now += 1000000 * SECOND;
	assert_false(pcifront_patience_spend(&patience, 5 * SECOND +
					     PCIFRONT_FREE_NS, now));
}

/* Clocks of several CPUs may differ by a little. */
static void time_that_goes_back(void **state)
{
	struct pcifront_patience patience;

	pcifront_patience_init(&patience, 5 * SECOND, 100 * SECOND);
	assert_true(pcifront_patience_spend(&patience, 0, 99 * SECOND));
	assert_true(patience.left == 5 * SECOND);
}

/* A pause, a lost CPU, a clock that differs: not the backend's time. */
static void looks(void **state)
{
	assert_true(pcifront_waited(5 * SECOND, 5 * SECOND + 7) == 7);
	assert_true(pcifront_waited(5 * SECOND, 3600 * SECOND) ==
		    PCIFRONT_LOOK_NS);
	assert_true(pcifront_waited(5 * SECOND, 5 * SECOND) == 0);
	assert_true(pcifront_waited(5 * SECOND, 5 * SECOND - 1) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accesses),
		cmocka_unit_test(statuses),
		cmocka_unit_test(values_have_their_width),
		cmocka_unit_test(bridges_are_nothing),
		cmocka_unit_test(nobody_is_waited_for),
		cmocka_unit_test(msi),
		cmocka_unit_test_setup(msix_as_it_should_be, all_good),
		cmocka_unit_test_setup(msix_with_one_bad_vector, all_good),
		cmocka_unit_test_setup(msix_with_a_vector_twice, all_good),
		cmocka_unit_test_setup(msix_counts, all_good),
		cmocka_unit_test(reports),
		cmocka_unit_test(quick_answers_cost_nothing),
		cmocka_unit_test(slow_answers_end),
		cmocka_unit_test(patience_comes_back),
		cmocka_unit_test(looks),
		cmocka_unit_test(time_that_goes_back),
	};

	return cmocka_run_group_tests_name("pcifront_reply", tests, NULL, NULL);
}
