// SPDX-License-Identifier: GPL-2.0
/*
 * Keys that a PCI backend writes, good and bad.
 */
#include <linux/errno.h>
#include "keys.h"
#include "test.h"

static const struct pcifront_address untouched = { 7777, 7777, 7777 };

static void numbers(void **state)
{
	static const char *const bad[] = {
		"", " ", " 1", "1 ", "+1", "-1", "0x1", "1e3", "abc", "257",
		"4294967296", "18446744073709551616",
		"99999999999999999999999999999999", "1\n", "%n" };
	unsigned int i, number = 7777;

	assert_int_equal(pcifront_parse_number("0", 256, &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(pcifront_parse_number("256", 256, &number), 0);
	assert_int_equal(number, 256);
	assert_int_equal(pcifront_parse_number("0012", 256, &number), 0);
	assert_int_equal(number, 12);
	assert_int_equal(pcifront_parse_number("4294967295", 0xffffffff,
					       &number), 0);
	assert_int_equal(number, 0xffffffff);

	number = 7777;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(pcifront_parse_number(bad[i], 256, &number),
				 -EINVAL);
	assert_int_equal(pcifront_parse_number(NULL, 256, &number), -ENOENT);
	assert_int_equal(number, 7777);
}

static void assert_address(const struct pcifront_address *address,
			   unsigned int domain, unsigned int bus,
			   unsigned int devfn)
{
	assert_int_equal(address->domain, domain);
	assert_int_equal(address->bus, bus);
	assert_int_equal(address->devfn, devfn);
}

static void roots(void **state)
{
	static const char *const bad[] = {
		"", ":", "0000", "0000:", ":00", "0000:00:", "0000:00:00",
		"0000:100", "10000:00", "0000:-1", "000g:00", " 0000:00",
		"0000:00 ", "0000.00", "ffffffffffffffff:00", "0000::00" };
	struct pcifront_address address;
	unsigned int i;

	assert_int_equal(pcifront_parse_root("0000:00", &address), 0);
	assert_address(&address, 0, 0, 0);
	assert_int_equal(pcifront_parse_root("ffff:Fe", &address), 0);
	assert_address(&address, 0xffff, 0xfe, 0);
	assert_int_equal(pcifront_parse_root("1:2", &address), 0);
	assert_address(&address, 1, 2, 0);

	address = untouched;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(pcifront_parse_root(bad[i], &address),
				 -EINVAL);
	assert_int_equal(pcifront_parse_root(NULL, &address), -ENOENT);
	assert_address(&address, 7777, 7777, 7777);
}

static void devices(void **state)
{
	static const char *const bad[] = {
		"", "0000:00", "0000:00:00", "0000:00:00.", "0000:00:00.8",
		"0000:00:20.0", "0000:00:00.00.0", "0000:100:00.0",
		"10000:00:00.0", "0000:00:.0", "0000:00:00.-1",
		"0000:00:00.0 ", "0000:00:00:0", "%s%s%s.%n" };
	struct pcifront_address address;
	unsigned int i;

	/* pciback writes two digits, toolstacks one. */
	assert_int_equal(pcifront_parse_device("0000:00:01.00", &address), 0);
	assert_address(&address, 0, 0, 0x08);
	assert_int_equal(pcifront_parse_device("0001:0a:1f.7", &address), 0);
	assert_address(&address, 1, 0x0a, 0xff);

	address = untouched;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(pcifront_parse_device(bad[i], &address),
				 -EINVAL);
	assert_int_equal(pcifront_parse_device(NULL, &address), -ENOENT);
	assert_address(&address, 7777, 7777, 7777);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(roots),
		cmocka_unit_test(devices),
	};

	return cmocka_run_group_tests_name("pcifront_keys", tests, NULL, NULL);
}
