// SPDX-License-Identifier: GPL-2.0
/*
 * The processors: those that the firmware names, matched by ACPI id with those
 * that Xen has. When what is known about one changes, it is read and uploaded
 * again, by one worker for all of them.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include "trace.h"
#include "xenacpi.h"

#define PROCESSOR_HID	"ACPI0007"

/* Notifications of a processor object (ACPI 6.5, table 5.195 and 5.6.6). */
#define NOTIFY_BUS_CHECK	0x00
#define NOTIFY_DEVICE_CHECK	0x01
#define NOTIFY_EJECT		0x03
#define NOTIFY_PPC		0x80
#define NOTIFY_CST		0x81
#define NOTIFY_TPC		0x82
#define NOTIFY_CPC_GUARANTEED	0x83
#define NOTIFY_CPC_HIGHEST	0x85

/* _OST: the limit is in use, or it is not. */
#define OST_GOOD	0
#define OST_BAD		1

/* When memory is short, or nobody tells that a CPU came or went. */
#define LOOK_SECONDS	10

LIST_HEAD(xenacpi_cpus);

/* What the worker has to do for all; set without a lock. */
#define ALL_AGAIN	0
static unsigned long requests;
static atomic_t nr_resumes = ATOMIC_INIT(0);
/* Written before the worker starts. */
static bool listening;

static void work_on_all(struct work_struct *work);
static DECLARE_DELAYED_WORK(worker, work_on_all);

static void wake_worker(void)
{
	mod_delayed_work(xenacpi_queue, &worker, 0);
}

/* Called by ACPI's own worker, which should not be held up. */
static void notified(acpi_handle handle, u32 event, void *data)
{
	struct xenacpi_cpu *cpu = data;

	switch (event) {
	case NOTIFY_PPC:
		set_bit(XENACPI_P, &cpu->pending);
		break;
	case NOTIFY_CST:
		set_bit(XENACPI_C, &cpu->pending);
		break;
	case NOTIFY_TPC:
		set_bit(XENACPI_T, &cpu->pending);
		break;
	case NOTIFY_CPC_GUARANTEED:
	case NOTIFY_CPC_HIGHEST:
		set_bit(XENACPI_CPPC, &cpu->pending);
		break;
	case NOTIFY_BUS_CHECK:
	case NOTIFY_DEVICE_CHECK:
	case NOTIFY_EJECT:
		break;
	default:
		return;
	}
	atomic_inc(&cpu->notified);
	trace_xenacpi_notify(cpu->acpi, event);
	wake_worker();
}

/* Read a processor's id and register block. Returns what is wrong, or NULL. */
static const char *identify(acpi_handle handle, acpi_object_type type, u32 *id,
			    struct xenacpi_cpu *cpu)
{
	union acpi_object object = { 0 };
	struct acpi_buffer buffer = { sizeof(object), &object };
	unsigned long long uid;

	if (type == ACPI_TYPE_PROCESSOR) {
		if (ACPI_FAILURE(acpi_evaluate_object(handle, NULL, NULL,
						      &buffer)))
			return "cannot be evaluated";
		*id = object.processor.proc_id;
		cpu->pblk = object.processor.pblk_address;
		cpu->pblk_length = object.processor.pblk_length;
		return NULL;
	}
	if (ACPI_FAILURE(acpi_evaluate_integer(handle, "_UID", NULL, &uid)))
		return "processor without a numeric _UID";
	if (uid >= ~0U)
		return "absurd _UID";
	*id = uid;
	return NULL;
}

static bool has_states(acpi_handle handle)
{
	return acpi_has_method(handle, "_CST") ||
	       acpi_has_method(handle, "_PSS") ||
	       acpi_has_method(handle, "_CPC");
}

/* Add a processor in its place, unless another one has its id. */
static bool add_sorted(struct xenacpi_cpu *cpu)
{
	struct xenacpi_cpu *other;

	list_for_each_entry(other, &xenacpi_cpus, node) {
		if (other->acpi < cpu->acpi)
			continue;
		if (other->acpi > cpu->acpi)
			break;
		if (has_states(other->handle) || !has_states(cpu->handle))
			goto dropped;
		/* Firmware that knows both forms fills one of them. */
		swap(other->handle, cpu->handle);
		swap(other->path, cpu->path);
		swap(other->pblk, cpu->pblk);
		swap(other->pblk_length, cpu->pblk_length);
		goto dropped;
	}
	list_add_tail(&cpu->node, &other->node);
	return true;

dropped:
	pr_warn("%s: ACPI id %u is that of %s, dropped\n", cpu->path, cpu->acpi,
		other->path);
	return false;
}

static void free_cpu(struct xenacpi_cpu *cpu)
{
	ACPI_FREE(cpu->path);
	kfree(cpu);
}

static acpi_status found(acpi_handle handle, u32 depth, void *context,
			 void **result)
{
	struct acpi_buffer path = { ACPI_ALLOCATE_BUFFER, NULL };
	struct xenacpi_cpu *cpu;
	acpi_object_type type;
	const char *wrong;

	if (ACPI_FAILURE(acpi_get_type(handle, &type)) ||
	    ACPI_FAILURE(acpi_get_name(handle, ACPI_FULL_PATHNAME_NO_TRAILING,
				       &path)))
		return AE_OK;
	cpu = kzalloc(sizeof(*cpu), GFP_KERNEL);
	if (!cpu) {
		ACPI_FREE(path.pointer);
		return AE_NO_MEMORY;
	}
	cpu->handle = handle;
	cpu->path = path.pointer;
	wrong = identify(handle, type, &cpu->acpi, cpu);
	if (wrong)
		pr_warn("%s: %s, dropped\n", cpu->path, wrong);
	if (wrong || !add_sorted(cpu))
		free_cpu(cpu);
	return AE_OK;
}

/*
 * A device that is a processor, but not there yet: acpi_get_devices() leaves it
 * out, and nobody would look again when it is plugged in.
 */
static acpi_status found_absent(acpi_handle handle, u32 depth, void *context,
				void **result)
{
	struct acpi_device_info *info;
	unsigned long long state;
	bool processor;

	if (ACPI_FAILURE(acpi_get_object_info(handle, &info)))
		return AE_OK;
	processor = (info->valid & ACPI_VALID_HID) &&
		    !strcmp(info->hardware_id.string, PROCESSOR_HID);
	ACPI_FREE(info);
	/* One without _STA is there. */
	if (!processor ||
	    ACPI_FAILURE(acpi_evaluate_integer(handle, "_STA", NULL, &state)) ||
	    state & (ACPI_STA_DEVICE_PRESENT | ACPI_STA_DEVICE_FUNCTIONING))
		return AE_OK;
	return found(handle, depth, context, result);
}

static int find_all(void)
{
	acpi_status status;

	status = acpi_walk_namespace(ACPI_TYPE_PROCESSOR, ACPI_ROOT_OBJECT,
				     ACPI_UINT32_MAX, found, NULL, NULL, NULL);
	if (ACPI_SUCCESS(status))
		status = acpi_get_devices(PROCESSOR_HID, found, NULL, NULL);
	if (ACPI_SUCCESS(status))
		status = acpi_walk_namespace(ACPI_TYPE_DEVICE, ACPI_ROOT_OBJECT,
					     ACPI_UINT32_MAX, found_absent,
					     NULL, NULL, NULL);
	return ACPI_SUCCESS(status) ? 0 : -ENOMEM;
}

/* Read all of it, and upload it, changed or not. */
static void begin_anew(struct xenacpi_cpu *cpu)
{
	int kind;

	cpu->again = true;
	for (kind = 0; kind < XENACPI_KINDS; kind++)
		set_bit(kind, &cpu->pending);
}

static const struct xenacpi_pcpu *find_pcpu(const struct xenacpi_pcpu *pcpus,
					    unsigned int nr, u32 acpi)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (pcpus[i].acpi == acpi)
			return &pcpus[i];
	return NULL;
}

/*
 * Xen lists a CPU anew. What it had of its P-states it has still, and runs with
 * them once it is online; before that, it takes others.
 */
static void listed_anew(struct xenacpi_cpu *cpu,
			const struct xenacpi_pcpu *pcpu)
{
	cpu->listed = true;
	cpu->told = false;
	if (!pcpu->online) {
		cpu->p_taken = false;
		cpu->p_differs = false;
	}
	begin_anew(cpu);
}

/*
 * Hold the processors against Xen's list. All is read of one that is new, or
 * came online: Xen begins anew with it.
 */
static int match(unsigned int *nr)
{
	const struct xenacpi_pcpu *pcpu;
	struct xenacpi_pcpu *pcpus;
	struct xenacpi_cpu *cpu;
	int err;

	err = xenacpi_pcpus(&pcpus, nr);
	if (err)
		return err;
	list_for_each_entry(cpu, &xenacpi_cpus, node) {
		pcpu = find_pcpu(pcpus, *nr, cpu->acpi);
		if (!pcpu) {
			cpu->listed = false;
			cpu->pcpu.online = false;
			continue;
		}
		if (!cpu->listed)
			listed_anew(cpu, pcpu);
		else if (pcpu->online && !cpu->pcpu.online)
			begin_anew(cpu);
		cpu->pcpu = *pcpu;
	}
	kfree(pcpus);
	return 0;
}

static void refresh(struct xenacpi_cpu *cpu, struct xenacpi_tables *scratch,
		    bool force)
{
	unsigned long what = xchg(&cpu->pending, 0);

	force |= cpu->again;
	if (force)
		what = XENACPI_READ_ALL;
	if (!cpu->listed || !what)
		return;
	cpu->again = false;
	xenacpi_tell(cpu);
	memcpy(scratch, &cpu->tables, sizeof(*scratch));
	xenacpi_read(cpu, what, scratch);
	xenacpi_upload(cpu, scratch, force);
}

/* The firmware wants to know whether its limit is kept. */
static void answer_limit(struct xenacpi_cpu *cpu)
{
	bool kept = cpu->p_taken && !cpu->sent[XENACPI_P].answer;

	if (acpi_has_method(cpu->handle, "_OST"))
		acpi_evaluate_ost(cpu->handle, NOTIFY_PPC,
				  kept ? OST_GOOD : OST_BAD, NULL);
}

static int refresh_all(void)
{
	struct xenacpi_tables *scratch;
	struct xenacpi_cpu *cpu;
	bool force, limited;
	unsigned int nr;
	int err;

	err = match(&nr);
	if (err)
		return err;
	scratch = kmalloc(sizeof(*scratch), GFP_KERNEL);
	if (!scratch)
		return -ENOMEM;
	force = test_and_clear_bit(ALL_AGAIN, &requests);
	list_for_each_entry(cpu, &xenacpi_cpus, node) {
		limited = cpu->handled && test_bit(XENACPI_P, &cpu->pending);
		refresh(cpu, scratch, force);
		if (limited && !xenacpi_dryrun)
			answer_limit(cpu);
	}
	kfree(scratch);
	return 0;
}

static void work_on_all(struct work_struct *work)
{
	int err;

	mutex_lock(&xenacpi_lock);
	err = refresh_all();
	mutex_unlock(&xenacpi_lock);
	if (err || !listening)
		queue_delayed_work(xenacpi_queue, &worker, LOOK_SECONDS * HZ);
}

static void handle_notifications(void)
{
	struct xenacpi_cpu *cpu;
	acpi_status status;

	list_for_each_entry(cpu, &xenacpi_cpus, node) {
		status = acpi_install_notify_handler(cpu->handle,
						     ACPI_ALL_NOTIFY, notified,
						     cpu);
		cpu->handled = ACPI_SUCCESS(status);
	}
}

/* What became of a kind at load. */
struct result {
	unsigned int taken;
	unsigned int refused;
	const struct xenacpi_cpu *first;	/* that was refused */
};

static void count_result(int kind, struct result *result)
{
	const struct xenacpi_cpu *cpu;

	list_for_each_entry(cpu, &xenacpi_cpus, node) {
		if (!cpu->sent[kind].asked)
			continue;
		if (!cpu->sent[kind].answer) {
			result->taken++;
			continue;
		}
		result->refused++;
		if (!result->first)
			result->first = cpu;
	}
}

static unsigned int nr_listed(void)
{
	const struct xenacpi_cpu *cpu;
	unsigned int nr = 0;

	list_for_each_entry(cpu, &xenacpi_cpus, node)
		nr += cpu->listed;
	return nr;
}

/* One line for each kind that Xen did not take. */
static void tell_refused(int kind, const struct result *result)
{
	int answer;

	if (!result->first)
		return;
	answer = result->first->sent[kind].answer;
	if (xenacpi_taken[kind] == XENACPI_REFUSED)
		pr_warn("Xen takes no %s (error %d)\n",
			xenacpi_kind_names[kind], answer);
	else
		pr_warn("%s: Xen refuses its %s (error %d), and those of %u more processors\n",
			result->first->path, xenacpi_kind_names[kind], answer,
			result->refused - 1);
}

/* What Xen made of it. Returns -EOPNOTSUPP if it takes nothing of it. */
static int tell_result(void)
{
	struct result c = { 0 }, p = { 0 };

	count_result(XENACPI_C, &c);
	count_result(XENACPI_P, &p);
	tell_refused(XENACPI_C, &c);
	tell_refused(XENACPI_P, &p);
	if (!c.taken && !p.taken &&
	    (xenacpi_taken[XENACPI_C] == XENACPI_REFUSED ||
	     xenacpi_taken[XENACPI_P] == XENACPI_REFUSED))
		return -EOPNOTSUPP;
	pr_info("C-states of %u, P-states of %u of %u processors uploaded\n",
		c.taken, p.taken, nr_listed());
	return 0;
}

static int first_upload(void)
{
	int err;

	mutex_lock(&xenacpi_lock);
	err = find_all();
	if (!err) {
		err = refresh_all();
		if (err)
			pr_warn("Xen does not list its CPUs (error %d)\n",
				err);
	}
	if (!err && !xenacpi_dryrun)
		err = tell_result();
	if (!err)
		handle_notifications();
	mutex_unlock(&xenacpi_lock);
	return err;
}

int xenacpi_processors_start(void)
{
	int err, deaf;

	/* First, so that nothing is missed. */
	deaf = xenacpi_listen_start();
	listening = !deaf;
	err = first_upload();
	if (err) {
		xenacpi_listen_stop();
		cancel_delayed_work_sync(&worker);
		return err == -XEN_ENOSYS ? -EOPNOTSUPP : err;
	}
	if (deaf) {
		pr_warn("nobody tells when a CPU comes or goes (error %d): looking every %u s\n",
			deaf, LOOK_SECONDS);
		queue_delayed_work(xenacpi_queue, &worker, LOOK_SECONDS * HZ);
	}
	return 0;
}

void xenacpi_processors_stop(void)
{
	struct xenacpi_cpu *cpu, *next;

	/* Waits for handlers that run. */
	list_for_each_entry(cpu, &xenacpi_cpus, node)
		if (cpu->handled)
			acpi_remove_notify_handler(cpu->handle,
						   ACPI_ALL_NOTIFY, notified);
	xenacpi_listen_stop();
	cancel_delayed_work_sync(&worker);
	list_for_each_entry_safe(cpu, next, &xenacpi_cpus, node) {
		list_del(&cpu->node);
		free_cpu(cpu);
	}
}

void xenacpi_upload_again(void)
{
	atomic_inc(&nr_resumes);
	xenacpi_pcpus_changed();
}

void xenacpi_pcpu_changed(u32 xen, bool online)
{
	struct xenacpi_cpu *cpu;

	/* It may have been off and on again since we looked. */
	list_for_each_entry(cpu, &xenacpi_cpus, node)
		if (online && cpu->listed && cpu->pcpu.xen == xen)
			begin_anew(cpu);
	wake_worker();
}

void xenacpi_pcpus_changed(void)
{
	set_bit(ALL_AGAIN, &requests);
	wake_worker();
}

unsigned int xenacpi_resumes(void)
{
	return atomic_read(&nr_resumes);
}
