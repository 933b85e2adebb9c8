# SPDX-License-Identifier: GPL-2.0
"""What is to be reached, against the in-tree driver in the same run."""

from dataclasses import dataclass

from bench.jobs import JOBS, NETWORK
from bench.results import IN_TREE, OURS

# Half of what lies between the in-tree driver and the floor, as measured
# when the goal was set.
RATIOS = {
    ("blk-randread-4k-qd32", "dom0_insn_per_op"): 0.71,
    ("blk-randread-4k-qd32-nopersist", "dom0_insn_per_op"): 0.63,
    ("blk-randread-4k-qd32", "dom0_insn_per_op_parallel"): 0.55,
    ("blk-randread-4k-qd1", "dom0_insn_per_op"): 0.56,
    ("blk-randread-64k-qd32", "dom0_insn_per_op"): 0.69,
    ("blk-randread-64k-qd32-nopersist", "dom0_insn_per_op"): 0.54,
    ("blk-randwrite-64k-qd32-nopersist", "dom0_insn_per_op"): 0.54,
}
# The same of the network: instruction clock, parallel.
NET_RATIOS = {
    "net-udp64-tx": (0.62, 0.80),
    "net-udp1500-tx": (0.57, 0.72),
    "net-udp64-rx": (0.76, 0.82),
    "net-udp1500-rx": (0.65, 0.66),
    "net-tcp-tx": (0.77, 0.77),
    "net-tcp-rx": (0.80, 0.80),
}
for _job, (_clock, _parallel) in NET_RATIOS.items():
    RATIOS[_job, "dom0_insn_per_op"] = _clock
    RATIOS[_job, "dom0_insn_per_op_parallel"] = _parallel
# At least; 1.0 for the rest.
RATES = {
    "net-udp64-tx": 1.3, "net-udp1500-tx": 1.6,
    "net-udp64-rx": 1.2, "net-udp1500-rx": 1.2,
    "net-tcp-tx": 1.15, "net-tcp-rx": 1.15,
}
IOPS = 1.0
IOPS_64K_NO_PERSISTENT = 1.25
MEMORY = 0.125       # of the in-tree driver's
# None may rise above the in-tree driver's; upcalls those of disks only.
NO_MORE = ("hypercalls_per_1000", "hypercalls_per_1000_parallel",
           "upcalls_per_1000", "upcalls_per_1000_parallel")


MET, IN_SPREAD, MISSED = "met", "in spread", "NOT MET"


@dataclass
class Goal:
    job: str
    metric: str
    text: str
    verdict: str


def limit(job, metric):
    """(factor, whether it is a least and not a most), or None."""
    if (job, metric) in RATIOS:
        return RATIOS[job, metric], False
    if metric in ("latency_us", "map_ns", "guest_insn_per_op"):
        return 1.0, False
    if metric in ("pps", "gbit_s"):
        return RATES.get(job, 1.0), True
    if metric == "iops":
        large = "64k" in job and "nopersist" in job
        return (IOPS_64K_NO_PERSISTENT if large else IOPS), True
    if metric in NO_MORE and not (
            metric.startswith("upcalls") and JOBS[job].layer == NETWORK):
        return 1.0, False
    if metric == "memory_kb_per_queue":
        return MEMORY, False
    return None


def judge(results, job, metric):
    """The Goal of a metric, or None when it has none or was not measured."""
    theirs = results.median(job, IN_TREE, metric)
    ours = results.median(job, OURS, metric)
    wanted = limit(job, metric)
    if wanted is None or theirs is None or ours is None:
        return None
    factor, least = wanted
    # As precise as it is printed.
    share = round(ours / theirs, 3 if factor == MEMORY else 2) if theirs else 0
    text = f"{'>=' if least else '<='} {factor:.3g}"
    if share >= factor if least else share <= factor:
        return Goal(job, metric, text, MET)
    # "No worse" is not missed by what its own rounds differ by.
    rounds = results.values[job, IN_TREE, metric]
    inside = ours >= min(rounds) if least else ours <= max(rounds)
    return Goal(job, metric, text,
                IN_SPREAD if factor == 1.0 and inside else MISSED)
