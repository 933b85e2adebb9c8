// SPDX-License-Identifier: GPL-2.0
/*
 * Which DMA operations serve a PCI device, read from a sysfs made by hand.
 */
#include "test.h"
#include "dma.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODULE	"module/xen_swiotlb_mod"
#define BUS	"bus/pci/devices"

static char top[] = "/tmp/dma_test.XXXXXX";

/* A folder and those above it. */
static void folder(const char *name)
{
	char path[256], *slash;

	snprintf(path, sizeof(path), "%s/%s/", top, name);
	for (slash = strchr(path + sizeof(top), '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

static void file(const char *directory, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	folder(directory);
	snprintf(path, sizeof(path), "%s/%s/%s", top, directory, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void driver(const char *device, const char *name)
{
	char target[64], path[256];

	folder(device);
	snprintf(target, sizeof(target), "../../../bus/pci/drivers/%s", name);
	snprintf(path, sizeof(path), "%s/%s/driver", top, device);
	assert_int_equal(symlink(target, path), 0);
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *walk)
{
	return remove(path);
}

static int set_up(void **state)
{
	strcpy(top + sizeof(top) - sizeof("XXXXXX"), "XXXXXX");
	return mkdtemp(top) ? 0 : -1;
}

static int tear_down(void **state)
{
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void without_the_module(void **state)
{
	struct dma_device *devices;

	driver(BUS "/0000:00:00.0", "e1000e");
	assert_int_equal(dma_collect(top, &devices), 0);
	assert_null(devices);
}

static void without_a_bus(void **state)
{
	struct dma_device *devices;

	folder(MODULE);
	assert_int_equal(dma_collect(top, &devices), 0);
	assert_null(devices);
}

static void served_by_us(void **state)
{
	struct dma_device *devices;
	const struct dma_counters *c;

	file(MODULE "/parameters", "kernel_ops", "none\n");
	driver(BUS "/0000:00:01.0", "nvme");
	file(BUS "/0000:00:01.0/xenmod", "in_place", "12\n");
	file(BUS "/0000:00:01.0/xenmod", "bounced", "3\n");
	file(BUS "/0000:00:01.0/xenmod", "bytes_in_place", "18446744073709551615\n");
	file(BUS "/0000:00:01.0/xenmod", "bytes_bounced", "many\n");
	file(BUS "/0000:00:01.0/xenmod", "exhausted", "0\n");
	/* Ours, but without a driver now. */
	folder(BUS "/0000:00:00.0/xenmod");

	assert_int_equal(dma_collect(top, &devices), 2);
	assert_string_equal(devices[0].name, "0000:00:00.0");
	assert_string_equal(devices[0].driver, "");
	assert_int_equal(devices[0].server, DMA_OURS);
	assert_int_equal(devices[0].counters.in_place.kind, NUMBER_ABSENT);

	assert_string_equal(devices[1].name, "0000:00:01.0");
	assert_string_equal(devices[1].driver, "nvme");
	assert_string_equal(dma_server_name(devices[1].server),
			    "xen-swiotlb-mod");
	c = &devices[1].counters;
	assert_true(number_valid(c->in_place) && c->in_place.value == 12);
	assert_true(number_valid(c->bounced) && c->bounced.value == 3);
	assert_true(c->bytes_in_place.value == UINT64_MAX);
	assert_int_equal(c->bytes_bounced.kind, NUMBER_BAD);
	assert_true(number_valid(c->exhausted) && !c->exhausted.value);
	assert_int_equal(c->coherent.kind, NUMBER_ABSENT);
	free(devices);
}

static void served_by_others(void **state)
{
	static const struct {
		const char *text;
		const char *name;
	} cases[] = {
		{ "swiotlb-xen\n", "swiotlb-xen" },
		{ "none\n", "none" },
		{ "else\n", NULL },
		{ "", NULL },
	};
	struct dma_device *devices;
	const char *name;
	size_t i;

	driver(BUS "/0000:00:02.0", "e1000");
	folder(BUS "/0000:00:03.0");	/* no driver: no DMA */
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		file(MODULE "/parameters", "kernel_ops", cases[i].text);
		assert_int_equal(dma_collect(top, &devices), 1);
		assert_string_equal(devices[0].driver, "e1000");
		name = dma_server_name(devices[0].server);
		if (cases[i].name)
			assert_string_equal(name, cases[i].name);
		else
			assert_null(name);
		assert_int_equal(devices[0].counters.bounced.kind,
				 NUMBER_ABSENT);
		free(devices);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_the_module, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(without_a_bus, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(served_by_us, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(served_by_others, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
