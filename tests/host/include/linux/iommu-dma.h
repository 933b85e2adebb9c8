/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_IOMMU_DMA_H
#define HOST_LINUX_IOMMU_DMA_H

#endif
