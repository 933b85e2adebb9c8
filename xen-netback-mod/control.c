// SPDX-License-Identifier: GPL-2.0
/*
 * Control requests: to hash, and how.
 *
 * Requests that keep pages mapped (NETIF_CTRL_ADD_GREF_MAPPING and its
 * neighbours) are answered as not supported: nothing of a guest's is ever
 * mapped here, and a copy needs no mapping.
 */
#include <linux/string.h>
#include "control.h"

static u32 check_key(const struct netif_ctrl_request *request,
		     struct vif_control_fetch *fetch)
{
	if (request->data[1] > VIF_HASH_KEY)
		return NETIF_CTRL_BUFFER_OVERFLOW;
	fetch->gref = request->data[0];
	fetch->bytes = request->data[1];
	return NETIF_CTRL_SUCCESS;
}

static u32 check_mapping(const struct netif_ctrl_request *request,
			 const struct vif_hash *hash,
			 struct vif_control_fetch *fetch)
{
	u32 nr = request->data[1], first = request->data[2];

	if (nr > VIF_HASH_MAPPING)
		return NETIF_CTRL_BUFFER_OVERFLOW;
	/* In this order no sum can overflow. */
	if (nr > hash->mapping_size || first > hash->mapping_size - nr)
		return NETIF_CTRL_INVALID_PARAMETER;
	fetch->gref = request->data[0];
	fetch->bytes = nr * sizeof(u32);
	return NETIF_CTRL_SUCCESS;
}

u32 vif_control_check(const struct netif_ctrl_request *request,
		      const struct vif_hash *hash,
		      struct vif_control_fetch *fetch)
{
	fetch->gref = 0;
	fetch->bytes = 0;

	switch (request->type) {
	case NETIF_CTRL_SET_HASH_ALGORITHM:
		return request->data[0] <= NETIF_HASH_TOEPLITZ ?
			NETIF_CTRL_SUCCESS : NETIF_CTRL_INVALID_PARAMETER;
	case NETIF_CTRL_GET_HASH_FLAGS:
	case NETIF_CTRL_SET_HASH_FLAGS:
		if (hash->algorithm == NETIF_HASH_NONE)
			return NETIF_CTRL_NOT_SUPPORTED;
		if (request->type == NETIF_CTRL_SET_HASH_FLAGS &&
		    request->data[0] & ~VIF_HASH_FLAGS)
			return NETIF_CTRL_INVALID_PARAMETER;
		return NETIF_CTRL_SUCCESS;
	case NETIF_CTRL_SET_HASH_KEY:
		return check_key(request, fetch);
	case NETIF_CTRL_GET_HASH_MAPPING_SIZE:
		return NETIF_CTRL_SUCCESS;
	case NETIF_CTRL_SET_HASH_MAPPING_SIZE:
		return request->data[0] <= VIF_HASH_MAPPING ?
			NETIF_CTRL_SUCCESS : NETIF_CTRL_INVALID_PARAMETER;
	case NETIF_CTRL_SET_HASH_MAPPING:
		return check_mapping(request, hash, fetch);
	default:
		return NETIF_CTRL_NOT_SUPPORTED;
	}
}

static u32 set_mapping(const struct netif_ctrl_request *request,
		       struct vif_hash *hash, const u32 *mapping,
		       unsigned int nr_queues)
{
	u32 nr = request->data[1], i;

	for (i = 0; i < nr; i++)
		if (mapping[i] >= nr_queues)
			return NETIF_CTRL_INVALID_PARAMETER;
	memcpy(hash->mapping + request->data[2], mapping, nr * sizeof(u32));
	return NETIF_CTRL_SUCCESS;
}

u32 vif_control_apply(const struct netif_ctrl_request *request,
		      struct vif_hash *hash, const void *fetched,
		      unsigned int nr_queues, u32 *data)
{
	*data = 0;

	switch (request->type) {
	case NETIF_CTRL_SET_HASH_ALGORITHM:
		hash->algorithm = request->data[0];
		break;
	case NETIF_CTRL_GET_HASH_FLAGS:
		*data = VIF_HASH_FLAGS;
		break;
	case NETIF_CTRL_SET_HASH_FLAGS:
		hash->flags = request->data[0];
		break;
	case NETIF_CTRL_SET_HASH_KEY:
		vif_hash_set_key(hash, fetched, request->data[1]);
		break;
	case NETIF_CTRL_GET_HASH_MAPPING_SIZE:
		*data = VIF_HASH_MAPPING;
		break;
	case NETIF_CTRL_SET_HASH_MAPPING_SIZE:
		hash->mapping_size = request->data[0];
		memset(hash->mapping, 0, sizeof(hash->mapping));
		break;
	case NETIF_CTRL_SET_HASH_MAPPING:
		return set_mapping(request, hash, fetched, nr_queues);
	}
	return NETIF_CTRL_SUCCESS;
}

void vif_control_respond(void *slot, const struct netif_ctrl_request *request,
			 u32 status, u32 data)
{
	struct netif_ctrl_response response = {
		.id = request->id,
		.type = request->type,
		.status = status,
		.data = data,
	};

	memcpy(slot, &response, sizeof(response));
}
