/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_ASM_BARRIER_H
#define HOST_ASM_BARRIER_H

#define virt_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define virt_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define virt_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)

#define smp_load_acquire(pointer) __atomic_load_n(pointer, __ATOMIC_ACQUIRE)
#define smp_store_release(pointer, value) \
	__atomic_store_n(pointer, value, __ATOMIC_RELEASE)

#endif
