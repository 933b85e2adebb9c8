/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames to send, and a look at those that come. dom0 is 10.0.0.1, a vif with
 * handle n is 10.0.0.(100 + n).
 */
#ifndef HOSTILE_NET_FRAME_H
#define HOSTILE_NET_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#define FRAME_LEAST	60
#define TCP		6
#define UDP		17
#define ICMP		1

/**
 * struct frame_ip - an IPv4 packet to make
 * @mac: whose
 * @number: of the vif
 * @protocol: above IP
 * @total: bytes, headers included; what is not a header is data
 * @csum_blank: only the pseudo header's checksum is there
 */
struct frame_ip {
	const uint8_t *mac;
	unsigned int number;
	unsigned int protocol;
	unsigned int total;
	bool csum_blank;
};

/* A question: who is dom0? Its length. */
unsigned int frame_arp(uint8_t *at, const uint8_t *mac, unsigned int number);

/* Is it dom0's answer to us? */
bool frame_is_arp_reply(const uint8_t *at, unsigned int length,
			const uint8_t *mac);

/* Writes no more than a page: the headers, and data behind them. */
void frame_ip(uint8_t *at, const struct frame_ip *ip);

#endif /* HOSTILE_NET_FRAME_H */
