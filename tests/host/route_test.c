// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of interrupt routing.
 */
#include <errno.h>
#include <linux/compiler.h>
#include <linux/string.h>
#include <stdlib.h>
#include "route.h"
#include "test.h"

#define HEAD offsetof(struct acpi_pci_routing_table, source)

static u8 *table;
static size_t size;

static int empty(void **state)
{
	table = NULL;
	size = 0;
	return 0;
}

static int done(void **state)
{
	free(table);
	return 0;
}

/* Add an entry, as ACPICA lays them out. */
static void add(u32 device, u32 pin, const char *source, u32 index)
{
	struct acpi_pci_routing_table raw = {
		.length = (HEAD + strlen(source) + 1 + 7) & ~7,
		.pin = pin,
		.address = (u64)device << 16 | 0xffff,
		.source_index = index,
	};

	table = realloc(table, size + raw.length);
	memset(table + size, 0, raw.length);
	memcpy(table + size, &raw, HEAD);
	strcpy((char *)table + size + HEAD, source);
	size += raw.length;
}

static void end(void)
{
	table = realloc(table, size + 4);
	memset(table + size, 0, 4);
	size += 4;
}

static void entries(void **state)
{
	struct xenacpi_prt entry;
	size_t at = 0;

	add(3, 1, "", 17);
	add(31, 3, "\\_SB_.PCI0.LNKA", 0);
	end();
	assert_int_equal(xenacpi_prt_next(table, size, &at, &entry), 1);
	assert_int_equal(entry.device, 3);
	assert_int_equal(entry.pin, 1);
	assert_string_equal(entry.source, "");
	assert_int_equal(entry.index, 17);
	assert_int_equal(xenacpi_prt_next(table, size, &at, &entry), 1);
	assert_int_equal(entry.device, 31);
	assert_string_equal(entry.source, "\\_SB_.PCI0.LNKA");
	assert_int_equal(xenacpi_prt_next(table, size, &at, &entry), 0);
	assert_int_equal(xenacpi_prt_next(table, size, &at, &entry), 0);
}

/* A table that ends anywhere is never read beyond its end. */
static void truncated(void **state)
{
	struct xenacpi_prt entry;
	size_t at, length;
	u8 *part;
	int more;

	add(3, 1, "\\_SB_.LNKB", 17);
	add(4, 2, "", 18);
	end();
	for (length = 0; length < size; length++) {
		part = malloc(length + !length);
		if (length)
			memcpy(part, table, length);
		at = 0;
		do {
			more = xenacpi_prt_next(part, length, &at, &entry);
			assert_true(more <= 1);
		} while (more > 0);
		free(part);
	}
}

static void broken(void **state)
{
	struct xenacpi_prt entry;
	u32 length = HEAD;
	size_t at = 0;

	add(3, 1, "name", 17);
	memcpy(table, &length, 4);
	assert_int_equal(xenacpi_prt_next(table, size, &at, &entry), -EINVAL);
	length = size + 1;
	memcpy(table, &length, 4);
	assert_int_equal(xenacpi_prt_next(table, size, &at, &entry), -EINVAL);
	length = HEAD + 4;	/* the name does not end */
	memcpy(table, &length, 4);
	assert_int_equal(xenacpi_prt_next(table, size, &at, &entry), -EINVAL);
	assert_int_equal(at, 0);
	at = size + 1;
	assert_int_equal(xenacpi_prt_next(table, size, &at, &entry), 0);
}

static void add_madt(u8 type, u8 length, u32 address, u32 gsi)
{
	u8 entry[256] = { type, length, 0, 0, address, address >> 8,
			  address >> 16, address >> 24, gsi, gsi >> 8,
			  gsi >> 16, gsi >> 24 };

	if (!size) {
		table = calloc(1, 44);
		size = 44;
	}
	table = realloc(table, size + length);
	memcpy(table + size, entry, length);
	size += length;
}

static void ioapics(void **state)
{
	struct xenacpi_ioapic ioapic;

	add_madt(0, 8, 0, 0);
	add_madt(1, 12, 0xfec00000, 0);
	add_madt(2, 10, 0, 0);
	add_madt(1, 12, 0xfec01000, 24);
	assert_true(xenacpi_madt_ioapic(table, size, 0, &ioapic));
	assert_int_equal(ioapic.address, 0xfec00000);
	assert_true(xenacpi_madt_ioapic(table, size, 23, &ioapic));
	assert_int_equal(ioapic.address, 0xfec00000);
	assert_true(xenacpi_madt_ioapic(table, size, 24, &ioapic));
	assert_int_equal(ioapic.address, 0xfec01000);
	assert_int_equal(ioapic.gsi_base, 24);
	assert_true(xenacpi_madt_ioapic(table, size, ~0u, &ioapic));
	assert_false(xenacpi_madt_ioapic(table, 44, 0, &ioapic));
	assert_false(xenacpi_madt_ioapic(table, 10, 0, &ioapic));
}

static void broken_madt(void **state)
{
	struct xenacpi_ioapic ioapic;
	size_t length;
	u8 *part;

	add_madt(1, 11, 0xfec00000, 0);
	assert_false(xenacpi_madt_ioapic(table, size, 0, &ioapic));
	add_madt(1, 12, 0xfec00000, 0);
	for (length = 0; length <= size; length++) {
		part = malloc(length + !length);
		if (length)
			memcpy(part, table, length);
		assert_int_equal(xenacpi_madt_ioapic(part, length, 0, &ioapic),
				 length == size);
		free(part);
	}
	table[44 + 1] = 0;	/* would be taken for ever */
	assert_false(xenacpi_madt_ioapic(table, size, 0, &ioapic));
}

static void redirection(void **state)
{
	struct xenacpi_rte rte;

	xenacpi_rte_parse(0x10000, &rte);
	assert_int_equal(rte.vector, 0);
	assert_true(rte.masked && !rte.level && !rte.low);
	xenacpi_rte_parse(0x0a9a8, &rte);
	assert_int_equal(rte.vector, 0xa8);
	assert_true(!rte.masked && rte.level && rte.low);
	xenacpi_rte_parse(0x18930, &rte);
	assert_true(rte.masked && rte.level && !rte.low);
}

#define T(test) cmocka_unit_test_setup_teardown(test, empty, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(entries), T(truncated), T(broken), T(ioapics),
		T(broken_madt), T(redirection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
