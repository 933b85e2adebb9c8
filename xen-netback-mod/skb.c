// SPDX-License-Identifier: GPL-2.0
/*
 * From the pages of a packet to a frame for the stack. What a guest says about
 * checksums and segments is held against the headers before anybody relies on
 * it, and segments are marked as a stranger's word.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include "compat-net.h"
#include "netback.h"

/* Put the pages behind the head. */
static void append_pages(struct vif_tx *tx, struct vif_job *job,
			 struct sk_buff *skb)
{
	struct vif_page *page = &tx->page[job->first_page];
	unsigned int i;

	for (i = 0; i < job->nr_pages; i++)
		skb_add_rx_frag(skb, i, page[i].page, 0, page[i].length,
				PAGE_SIZE);
	job->nr_pages = 0;
}

static struct sk_buff *build(struct vif_tx *tx, struct vif_job *job)
{
	struct sk_buff *skb;

	skb = napi_build_skb(page_address(job->head.page) + job->head.offset,
			     job->head.size);
	if (!skb)
		return NULL;
	job->head.page = NULL;
	skb_reserve(skb, job->head.headroom);
	__skb_put(skb, job->head_length);
	append_pages(tx, job, skb);
	return skb;
}

/* skb_checksum_setup() has found out what the checksum is one of. */
static bool is_tcp(const struct sk_buff *skb, u8 gso_type)
{
	__be16 protocol = gso_type == NETIF_GSO_TCPV4 ? htons(ETH_P_IP) :
							htons(ETH_P_IPV6);

	return skb->protocol == protocol &&
	       skb->csum_offset == offsetof(struct tcphdr, check);
}

/* The checksum was checked: the headers up to TCP's are there. */
static bool set_segments(struct sk_buff *skb,
			 const struct netif_extra_info *extra)
{
	struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int headers, payload;

	/* Nobody has looked whether an IPv4 header is a whole one. */
	if (!is_tcp(skb, extra->gso.type) ||
	    skb_transport_offset(skb) < (int)sizeof(struct iphdr))
		return false;
	headers = skb_tcp_all_headers(skb);
	if (tcp_hdrlen(skb) < sizeof(struct tcphdr) || headers >= skb->len ||
	    !pskb_may_pull(skb, headers))
		return false;
	payload = skb->len - headers;
	/* A single segment is a packet like any other. */
	if (payload <= extra->gso.size)
		return true;
	info->gso_size = extra->gso.size;
	info->gso_segs = DIV_ROUND_UP(payload, extra->gso.size);
	info->gso_type = SKB_GSO_DODGY | (extra->gso.type == NETIF_GSO_TCPV4 ?
					  SKB_GSO_TCPV4 : SKB_GSO_TCPV6);
	return true;
}

static bool set_offloads(struct vif_tx *tx, struct sk_buff *skb,
			 const struct vif_packet *packet)
{
	bool gso = packet->extras & (1U << NETIF_EXTRA_GSO);

	if (packet->flags & NETIF_TXF_CSUM_BLANK)
		skb->ip_summed = CHECKSUM_PARTIAL;
	else if (packet->flags & NETIF_TXF_DATA_VALIDATED)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (likely(!gso)) {
		if (skb->ip_summed != CHECKSUM_PARTIAL)
			return true;
		return !skb_checksum_setup(skb, false);
	}
	/* Each segment gets a checksum, so that of the whole is a part of it. */
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return !skb_checksum_setup(skb, false) &&
		       set_segments(skb, &packet->gso);
	vif_count(&tx->checksum_fixups, 1);
	skb->ip_summed = CHECKSUM_PARTIAL;
	return !skb_checksum_setup(skb, true) &&
	       set_segments(skb, &packet->gso);
}

struct sk_buff *vif_skb_make(struct vif_queue *queue, struct vif_job *job)
{
	const struct vif_packet *packet = &job->packet;
	struct sk_buff *skb = build(&queue->tx, job);
	unsigned int linear;

	if (unlikely(!skb)) {
		vif_count(&queue->tx.traffic.dropped, 1);
		return NULL;
	}
	/* Whoever forwards it relies on the headers being in one piece. */
	linear = min_t(unsigned int, packet->size, VIF_HEAD_LEAST);
	if (unlikely(skb_headlen(skb) < linear &&
		     !__pskb_pull_tail(skb, linear - skb_headlen(skb))))
		goto bad;
	skb->protocol = eth_type_trans(skb, queue->vif->dev);
	skb_reset_network_header(skb);
	if (unlikely(!set_offloads(&queue->tx, skb, packet)))
		goto bad;
	if (unlikely(packet->extras & (1U << NETIF_EXTRA_HASH)))
		vif_steer_believe(skb, &packet->hash);
	skb_record_rx_queue(skb, queue->base.id);
	return skb;

bad:
	vif_count(&queue->tx.traffic.errors, 1);
	kfree_skb(skb);
	return NULL;
}
