// SPDX-License-Identifier: GPL-2.0
/*
 * What to do with a guest's ping depends on how many bytes it carries. All
 * else passes. REDIRECT_TO is the network device that the pings of one size
 * are sent to.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>

#define DROPPED		101
#define ANSWERED	102
#define REDIRECTED	103
#define ABORTED		104

/* <linux/icmp.h> wants a C library, which there is not for BPF. */
struct icmphdr {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__u32 rest;
};

#define SWAP(a, b, type) do { type c_ = (a); (a) = (b); (b) = c_; } while (0)

static long (*redirect)(__u32 ifindex, __u64 flags) = (void *)BPF_FUNC_redirect;

/* The answer to a ping, made of itself. */
static __inline int answer(struct ethhdr *eth, struct iphdr *ip,
			   struct icmphdr *icmp)
{
	__u32 sum = icmp->checksum + 8;
	int i;

	for (i = 0; i < ETH_ALEN; i++)
		SWAP(eth->h_dest[i], eth->h_source[i], unsigned char);
	SWAP(ip->saddr, ip->daddr, __u32);
	icmp->type = 0;
	icmp->checksum = (sum & 0xffff) + (sum >> 16);
	return XDP_TX;
}

__attribute__((section("xdp"), used))
int act(struct xdp_md *context)
{
	void *end = (void *)(long)context->data_end;
	struct ethhdr *eth = (void *)(long)context->data;
	struct iphdr *ip = (void *)(eth + 1);
	struct icmphdr *icmp = (void *)(ip + 1);
	int bytes;

	if ((void *)(icmp + 1) > end ||
	    eth->h_proto != __builtin_bswap16(ETH_P_IP) || ip->protocol != 1 ||
	    icmp->type != 8)
		return XDP_PASS;
	bytes = __builtin_bswap16(ip->tot_len) - sizeof(*ip) - sizeof(*icmp);
	switch (bytes) {
	case DROPPED:
		return XDP_DROP;
	case ANSWERED:
		return answer(eth, ip, icmp);
	case REDIRECTED:
		return redirect(REDIRECT_TO, 0);
	case ABORTED:
		return XDP_ABORTED;
	}
	return XDP_PASS;
}

char license_text[] __attribute__((section("license"), used)) = "GPL";
