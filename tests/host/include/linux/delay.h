/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_DELAY_H
#define HOST_LINUX_DELAY_H

void usleep_range(unsigned long least, unsigned long most);
void msleep(unsigned int milliseconds);

#endif
