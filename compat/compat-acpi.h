/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The newest names of Xen's and Linux's ACPI interfaces on older kernels.
 */
#ifndef XENMOD_COMPAT_ACPI_H
#define XENMOD_COMPAT_ACPI_H

#include <linux/acpi.h>
#include <linux/build_bug.h>
#include <xen/interface/platform.h>

/*
 * Xen 4.21, platform.h: upload of _CPC. No kernel's copy of the header has it
 * yet; the one that brings it defines the number.
 */
#ifndef XEN_PM_CPPC
#define XEN_PM_CPPC	4
#define XEN_CPPC_PSD	BIT(0)
#define XEN_CPPC_CPC	BIT(1)

struct xen_processor_cppc {
	u8 flags;		/* XEN_CPPC_*: which of the below is valid */
	u8 pad[3];
	struct {
		u32 highest_perf;
		u32 nominal_perf;
		u32 lowest_nonlinear_perf;
		u32 lowest_perf;
		u32 lowest_mhz;
		u32 nominal_mhz;
	} cpc;
	u32 shared_type;	/* as in xen_processor_performance */
	struct xen_psd_package domain_info;
};

/* As the public header lays it out; no Xen of a tested release can tell. */
static_assert(offsetof(struct xen_processor_cppc, cpc) == 4);
static_assert(offsetof(struct xen_processor_cppc, shared_type) == 28);
static_assert(offsetof(struct xen_processor_cppc, domain_info) == 32);
static_assert(sizeof(struct xen_processor_cppc) == 72);
#endif

#ifndef HAVE_ACPI_FETCH_DEV
static inline struct acpi_device *acpi_fetch_acpi_dev(acpi_handle handle)
{
	struct acpi_device *device;

	return acpi_bus_get_device(handle, &device) ? NULL : device;
}
#endif

/* An address of a protocol that only its family knows. */
#ifndef HAVE_SOCKADDR_UNSIZED
#define sockaddr_unsized	sockaddr
#endif

#endif /* XENMOD_COMPAT_ACPI_H */
