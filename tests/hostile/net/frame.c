// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "frame.h"

#define ETH		14
#define OWN		100

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void address(uint8_t *at, unsigned int host)
{
	at[0] = 10;
	at[1] = 0;
	at[2] = 0;
	at[3] = host;
}

unsigned int frame_arp(uint8_t *at, const uint8_t *mac, unsigned int number)
{
	static const uint8_t head[] = { 0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1 };

	memset(at, 0, FRAME_LEAST);
	memset(at, 0xff, 6);
	memcpy(at + 6, mac, 6);
	memcpy(at + 12, head, sizeof(head));
	memcpy(at + 22, mac, 6);
	address(at + 28, OWN + number);
	address(at + 38, 1);
	return FRAME_LEAST;
}

bool frame_is_arp_reply(const uint8_t *at, unsigned int length,
			const uint8_t *mac)
{
	static const uint8_t dom0[] = { 10, 0, 0, 1 };

	return length >= 42 && !memcmp(at, mac, 6) && at[12] == 8 &&
	       at[13] == 6 && at[21] == 2 && !memcmp(at + 28, dom0, 4);
}

static uint32_t sum(const uint8_t *at, unsigned int length)
{
	uint32_t total = 0;
	unsigned int i;

	for (i = 0; i + 1 < length; i += 2)
		total += at[i] << 8 | at[i + 1];
	return total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

void frame_ip(uint8_t *at, const struct frame_ip *ip)
{
	uint8_t *head = at + ETH;
	uint8_t *body = head + 20;
	unsigned int place = ip->protocol == TCP ? 16 : 6;

	memset(at, 0x5a, 4096);
	memset(at, 0xff, 6);
	memcpy(at + 6, ip->mac, 6);
	put16(at + 12, 0x0800);
	memset(head, 0, 40);
	head[0] = 0x45;
	put16(head + 2, ip->total - ETH);
	head[8] = 64;
	head[9] = ip->protocol;
	address(head + 12, OWN + ip->number);
	address(head + 16, 1);
	put16(head + 10, ~fold(sum(head, 20)) & 0xffff);
	put16(body, 4000);
	/* Nobody listens there: what arrives is counted and dropped. */
	put16(body + 2, 9);
	if (ip->protocol == TCP) {
		body[12] = 5 << 4;
		body[13] = 0x10;
	} else {
		put16(body + 4, ip->total - ETH - 20);
	}
	if (ip->csum_blank)
		put16(body + place, fold(sum(head + 12, 8) + ip->protocol +
					 ip->total - ETH - 20));
}
