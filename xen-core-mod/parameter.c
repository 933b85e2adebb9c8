// SPDX-License-Identifier: GPL-2.0
/*
 * Checked module parameters.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <xenmod/parameter.h>

static int range_set(const char *text, const struct kernel_param *param)
{
	const struct xenmod_range *range = param->arg;
	unsigned int value;
	int err;

	err = kstrtouint(text, 0, &value);
	if (!err && (value < range->least || value > range->most))
		err = -ERANGE;
	if (err) {
		pr_err("%s: parameter %s must be a number from %u to %u\n",
		       module_name(param->mod), param->name, range->least,
		       range->most);
		return -EINVAL;
	}
	WRITE_ONCE(*range->value, value);
	return 0;
}

static int range_get(char *buffer, const struct kernel_param *param)
{
	const struct xenmod_range *range = param->arg;

	return scnprintf(buffer, PAGE_SIZE, "%u\n", *range->value);
}

const struct kernel_param_ops xenmod_range_ops = {
	.set = range_set,
	.get = range_get,
};
EXPORT_SYMBOL_GPL(xenmod_range_ops);
