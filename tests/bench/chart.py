# SPDX-License-Identifier: GPL-2.0
"""The results as a picture, drawn by gnuplot in the suite's root."""

import os

from bench.jobs import JOBS
from bench.report import floor_of
from bench.results import IN_TREE, OURS
from lab import cell, cli, suites

# What each job says of how fast it is; but latency is no rate.
RATE = "rate"
RATES = ("iops", "pps", "gbit_s")
# metric, title
PANELS = (
    ("dom0_insn_per_op", "dom0 instructions per operation\\n"
                         "(instruction clock; less is better)"),
    ("dom0_insn_per_op_parallel", "dom0 instructions per operation\\n"
                                  "(parallel; less is better)"),
    (RATE, "IOPS, packets or bits a second\\n"
           "(instruction clock; more is better)"),
)
# Okabe and Ito's colours: told apart by everybody.
GREY, BLUE, RED = "#9a9a9a", "#0072b2", "#d55e00"
BAR = 0.36          # half of a job's row, less a gap
LEFT, RIGHT = 0.205, 0.985
ABOVE, BELOW = 100, 75      # of the bars: titles; axis and key
GAP = 0.022
FORMATS = (("svg", "svg size {w},{h} dynamic enhanced "
                   "font 'DejaVu Sans,12' background '#ffffff'"),
           ("png", "pngcairo size {w},{h} enhanced font 'DejaVu Sans,11' "
                   "background '#ffffff'"))
WIDTH, ROW = 1280, 44
LABEL = 1.42        # room for the figures at a bar's end
KEY = ((0.30, GREY, "in-tree = 1"), (0.42, BLUE, "ours"),
       (0.50, RED, "block layer or network stack alone, under the in-tree "
                   "driver (the floor)"))


def metric_of(job, metric):
    """The metric of a job that a panel shows."""
    if metric != RATE:
        return metric
    found = JOBS[job].rate_metric if job in JOBS else None
    return found if found in RATES else None


def short(value):
    """Three digits and a letter."""
    if value < 10:
        return f"{value:.3g}"
    if value < 1000:
        return f"{value:.0f}"
    digits = 2 if value < 9995 else 1 if value < 99950 else 0
    return f"{value / 1000:.{digits}f}k"


def bars(results, jobs, metric):
    """(row, in-tree, ours, floor) of the jobs that have both."""
    for row, job in enumerate(reversed(jobs)):
        theirs, ours = (results.median(job, driver, metric_of(job, metric))
                        for driver in (IN_TREE, OURS))
        if theirs and ours is not None:
            floor = floor_of(results, job, metric)
            yield row, theirs, ours, floor


def block(name, lines):
    return [f"${name} << END", *lines, "END"]


def data(number, found):
    """A panel's data: bars as boxes x, y, xlow, xhigh, ylow, yhigh, label."""
    theirs, ours, floors = [], [], []
    for row, old, new, floor in found:
        share = new / old
        theirs.append(f'0 {row} 0 1 {row} {row + BAR} "{short(old)}"')
        ours.append(f'0 {row} 0 {share:.4f} {row - BAR} {row} '
                    f'"{short(new)}  ({share:.2f})"')
        if floor:
            floors.append(f"{floor / old:.4f} {row - BAR} 0 {2 * BAR}")
    return [*block(f"theirs{number}", theirs), *block(f"ours{number}", ours),
            *block(f"floors{number}", floors)]


def height_of(jobs):
    return ROW * len(jobs) + ABOVE + BELOW


def key(jobs):
    """What the colours mean, below the panels."""
    height = height_of(jobs)
    for left, colour, text in KEY:
        yield (f"set object rectangle at screen {left},{22 / height:.4f} "
               f"size screen 0.018,{12 / height:.4f} fillstyle solid noborder "
               f"fillcolor '{colour}' front")
        yield (f"set label '{text}' at screen {left + 0.014},"
               f"{22 / height:.4f} left front")


def panel(number, panels, metric_title, jobs, found):
    width = (RIGHT - LEFT - GAP * (panels - 1)) / panels
    left = LEFT + number * (width + GAP)
    longest = max(1, *(new / old for _row, old, new, _floor in found))
    names = ", ".join(f"'{job}' {row}" for row, job in
                      enumerate(reversed(jobs)))
    box = "using 1:2:3:4:5:6 with boxxyerror fillstyle solid noborder"
    label = "with labels left offset 0.4,0 notitle"
    plots = [
        f"$theirs{number} {box} linecolor '{GREY}' notitle",
        f"$ours{number} {box} linecolor '{BLUE}' notitle",
        f"$theirs{number} using 4:(($5+$6)/2):7 {label}",
        f"$ours{number} using 4:(($5+$6)/2):7 {label}"]
    if any(floor for *_bars, floor in found):
        plots.append(f"$floors{number} using 1:2:3:4 with vectors nohead "
                     f"linewidth 2.5 linecolor '{RED}' "
                     "notitle")
    return [f"set lmargin at screen {left:.4f}",
            f"set rmargin at screen {left + width:.4f}",
            f'set title "{metric_title}"',
            f"set xrange [0:{longest * LABEL:.3f}]",
            f"set ytics ({names})" if number == 0 else "set ytics ('' 0)",
            f"set xtics {0.25 if longest < 1.4 else 0.5}",
            # The key is drawn once.
            *(["unset object", "unset label"] if number else key(jobs)),
            "plot " + ", \\\n  ".join(plots)]


def script(results, heading):
    """The gnuplot program; None when nothing can be compared."""
    jobs = [job for job in results.jobs()
            if any(list(bars(results, [job], metric))
                   for metric, _title in PANELS)]
    shown = [(metric, title) for metric, title in PANELS
             if list(bars(results, jobs, metric))]
    if not jobs:
        return None
    lines, body = [], []
    for number, (metric, title) in enumerate(shown):
        found = list(bars(results, jobs, metric))
        lines += data(number, found)
        body += panel(number, len(shown), title, jobs, found)
    height = height_of(jobs)
    lines += [
        f"set yrange [-0.6:{len(jobs) - 0.4}]",
        f"set tmargin at screen {1 - ABOVE / height:.4f}",
        f"set bmargin at screen {BELOW / height:.4f}",
        "set format x '%g'", "unset key",
        "set grid xtics linecolor '#dddddd'", "set border 3",
        "set tics nomirror scale 0.4"]
    for name, terminal in FORMATS:
        lines += [f"set terminal {terminal.format(w=WIDTH, h=height)}",
                  f"set output '/out/chart.{name}'",
                  f"set multiplot title '{heading}'", *body,
                  "unset multiplot", "set output"]
    return "\n".join(lines) + "\n"


def draw(results, suite, heading, out):
    """chart.svg and chart.png in the folder `out`; False: nothing to draw."""
    text = script(results, heading)
    if text is None:
        return False
    path = os.path.join(out, "chart.gp")
    with open(path, "w") as file:
        file.write(text)
    _cache, base = cli.prepare(suites.SUITES[suite])
    cell.run(f"{base}/root.img", ["gnuplot", "/out/chart.gp"],
             binds=[(out, "/out")], log=os.path.join(out, "gnuplot.log"),
             what="drawing the chart")
    return True
