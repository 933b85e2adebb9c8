// SPDX-License-Identifier: GPL-2.0
/*
 * Statistics in the kernel log: a line for each device that was in use, every
 * ten seconds, while log_stats is set. While it is not, nothing runs.
 */
#include <linux/module.h>
#include "blkback.h"

#define LOG_INTERVAL	(10 * HZ)

static void log_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(log_timer, log_work);

/* Guarded by the lock of the module's parameters. */
static bool log_ready;

static void note_vbd(struct blk_vbd *vbd, void *data)
{
	blk_vbd_sum(vbd, &vbd->logged);
}

static void log_vbd(struct blk_vbd *vbd, void *data)
{
	struct blk_io_stats now, last = vbd->logged;
	struct xenbus_device *dev = vbd->backend->dev;

	blk_vbd_sum(vbd, &now);
	vbd->logged = now;
	if (!memcmp(&now, &last, sizeof(now)))
		return;
	dev_info(&dev->dev,
		 "domain %d: in 10 s %llu reads of %llu sectors, %llu writes of %llu, %llu flushes, %llu discards, %llu times out of pages\n",
		 dev->otherend_id, now.rd_req - last.rd_req,
		 now.rd_sect - last.rd_sect, now.wr_req - last.wr_req,
		 now.wr_sect - last.wr_sect, now.f_req - last.f_req,
		 now.ds_req - last.ds_req, now.oo_req - last.oo_req);
}

static void log_work(struct work_struct *work)
{
	struct blk_visit visit = { .visit = log_vbd };

	if (!READ_ONCE(blk_parameters.log_stats))
		return;
	blk_visit_all(&visit);
	schedule_delayed_work(&log_timer, LOG_INTERVAL);
}

/* What was before is none of the first ten seconds. */
static void log_start(void)
{
	struct blk_visit visit = { .visit = note_vbd };

	if (!blk_parameters.log_stats || delayed_work_pending(&log_timer))
		return;
	blk_visit_all(&visit);
	schedule_delayed_work(&log_timer, LOG_INTERVAL);
}

static int log_set(const char *text, const struct kernel_param *param)
{
	int err = param_set_bool(text, param);

	if (!err && log_ready)
		log_start();
	return err;
}

const struct kernel_param_ops blk_log_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = log_set,
	.get = param_get_bool,
};

void blk_log_init(void)
{
	kernel_param_lock(THIS_MODULE);
	log_ready = true;
	log_start();
	kernel_param_unlock(THIS_MODULE);
}

void blk_log_exit(void)
{
	kernel_param_lock(THIS_MODULE);
	log_ready = false;
	kernel_param_unlock(THIS_MODULE);
	cancel_delayed_work_sync(&log_timer);
}
