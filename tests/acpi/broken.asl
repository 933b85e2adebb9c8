// SPDX-License-Identifier: GPL-2.0
/*
 * One entry per broken kind, the first one being kind 8: what C001 gives as _PSS,
 * C002 as _CST, and C003 as one of the others. All else is as in kind 2.
 */

#define STATE1 Package () { 2400, 65000, 10, 10, 0x1800, 0x1800 }
#define STATE2 Package () { 2000, 50000, 10, 10, 0x1400, 0x1400 }
#define STATE3 Package () { 1600, 38000, 10, 10, 0x1000, 0x1000 }

Name (BPSS, Package ()
{
    // 8: nothing in it
    Package () {},
    // 9: a state cut short
    Package () { STATE1, STATE2, Package () { 1600, 38000, 10, 10 } },
    // 10: no frequency
    Package () { STATE1, STATE2, Package () { 0, 38000, 10, 10, 0x1000, 0x1000 } },
    // 11: an absurd frequency
    Package () { Package () { 0xFFFFFFFE, 65000, 10, 10, 0x1900, 0x1900 }, STATE1, STATE2 },
    // 12: an absurd latency
    Package () { STATE1, STATE2, Package () { 1600, 38000, 0xFFFFFFFF, 10, 0x1000, 0x1000 } },
    // 13: twice the same
    Package () { STATE1, STATE2, STATE2, STATE3 },
    // 14: a number in a state's place
    Package () { STATE1, STATE2, 1600 },
    // 15: a package in a number's place
    Package () { STATE1, STATE2, Package () { Package () { 1600 }, 38000, 10, 10, 0x1000, 0x1000 } },
    // 16: a number
    1,
    // 17: a single state
    Package () { STATE1 },
    // 18: a name
    "none",
    // 19: the slowest first
    Package () { STATE3, STATE2, STATE1 },
    // 20: bytes in a number's place
    Package () { STATE1, STATE2, Package () { Buffer (12) {}, 38000, 10, 10, 0x1000, 0x1000 } },
    // 21: a name in a number's place
    Package () { STATE1, STATE2, Package () { "slow", 38000, 10, 10, 0x1000, 0x1000 } },
    // 22: no frequency, before all others
    Package () { Package () { 0, 70000, 10, 10, 0x1900, 0x1900 }, STATE1, STATE2 },
    // 23: an absurd latency for bus masters
    Package () { STATE1, STATE2, Package () { 1600, 38000, 10, 0xFFFFFFFF, 0x1000, 0x1000 } },
    // 24: no frequency anywhere
    Package () { Package () { 0, 65000, 10, 10, 0x1800, 0x1800 }, Package () { 0, 50000, 10, 10, 0x1400, 0x1400 } },
    // 25: three times the same
    Package () { STATE1, STATE1, STATE1 },
    // 26: see WPSS: a method that fails
    0,
    // 27: see WPSS: a method that returns nothing
    0,
    // 28: bytes
    Buffer (16) {},
    // 29: a state without anything
    Package () { STATE1, STATE2, Package () {} },
    // 30: a state that lacks its last number
    Package () { STATE1, STATE2, Package () { 1600, 38000, 10, 10, 0x1000 } },
    // 31: absurd frequencies everywhere
    Package () { Package () { 0xFFFFFFFE, 65000, 10, 10, 0x1900, 0x1900 },
                 Package () { 0xFFFFFFFD, 50000, 10, 10, 0x1800, 0x1800 } }
})

#define IDLE1 Package () { ResourceTemplate () { Register (FFixedHW, 0, 0, 0) }, 1, 1, 1000 }
#define IDLE2 Package () { ResourceTemplate () { Register (SystemIO, 8, 0, 0x814, 1) }, 2, 80, 500 }
#define REG3 ResourceTemplate () { Register (SystemIO, 8, 0, 0x815, 1) }

Name (BCST, Package ()
{
    // 8: no state. A package with nothing in it, not even a count, is more than
    // the kernel's own ACPI code survives: acpi_ns_repair_CST(), seen on 6.1.
    Package () { 0 },
    // 9: fewer states than it says
    Package () { 5, IDLE1, IDLE2 },
    // 10: a state of type 0
    Package () { 3, IDLE1, IDLE2, Package () { REG3, 0, 200, 200 } },
    // 11: a state of type 9
    Package () { 3, IDLE1, IDLE2, Package () { REG3, 9, 200, 200 } },
    // 12: an absurd latency
    Package () { 3, IDLE1, IDLE2, Package () { REG3, 3, 0xFFFFFFFF, 200 } },
    // 13: twice the same
    Package () { 3, IDLE1, IDLE2, IDLE2 },
    // 14: a number in a state's place
    Package () { 3, IDLE1, IDLE2, 3 },
    // 15: a register cut short
    Package () { 3, IDLE1, IDLE2, Package () { Buffer () { 0x82, 0x0C, 0x00, 0x01 }, 3, 200, 200 } },
    // 16: a number
    3,
    // 17: no port
    Package () { 3, IDLE1, IDLE2, Package () { ResourceTemplate () { Register (SystemIO, 8, 0, 0) }, 3, 200, 200 } },
    // 18: a port beyond the last one
    Package () { 3, IDLE1, IDLE2, Package () { ResourceTemplate () { Register (SystemIO, 8, 0, 0x10815) }, 3, 200, 200 } },
    // 19: a register in an address space that idles nothing
    Package () { 3, IDLE1, IDLE2, Package () { ResourceTemplate () { Register (PCI_Config, 8, 0, 0x40) }, 3, 200, 200 } },
    // 20: bytes in the type's place
    Package () { 3, IDLE1, IDLE2, Package () { REG3, Buffer (12) {}, 200, 200 } },
    // 21: no latency
    Package () { 3, IDLE1, IDLE2, Package () { REG3, 3, 0, 200 } },
    // 22: a resource that is no register
    Package () { 3, IDLE1, IDLE2, Package () { ResourceTemplate () { QWordMemory (,,,,,, 0, 0, 0xFFF, 0, 0x1000) }, 3, 200, 200 } },
    // 23: a hint that no MWAIT takes
    Package () { 3, IDLE1, IDLE2, Package () { ResourceTemplate () { Register (FFixedHW, 1, 2, 0x100000020, 3) }, 3, 200, 200 } },
    // 24: a package in the power's place
    Package () { 3, IDLE1, IDLE2, Package () { REG3, 3, 200, Package () { 200 } } },
    // 25: not one good state
    Package () { 2, Package () { REG3, 9, 200, 200 }, Package () { REG3, 8, 200, 200 } },
    // 26: see WCST: a method that fails
    0,
    // 27: see WCST: a method that returns nothing
    0,
    // 28: a name
    "none",
    // 29: a state without anything
    Package () { 3, IDLE1, IDLE2, Package () {} },
    // 30: a state that lacks its last number
    Package () { 3, IDLE1, IDLE2, Package () { REG3, 3, 200 } },
    // 31: bytes in the latency's place
    Package () { 3, IDLE1, IDLE2, Package () { REG3, 3, Buffer (12) {}, 200 } }
})

#define CONTROL ResourceTemplate () { Register (SystemIO, 16, 0, 0x880) }

Name (BPCT, Package ()
{
    // 8: the status register is missing
    Package () { CONTROL },
    // 9: a number
    0x880,
    // 10: two address spaces
    Package () { CONTROL, ResourceTemplate () { Register (FFixedHW, 0, 0, 0) } },
    // 11: a register cut short
    Package () { CONTROL, Buffer () { 0x82, 0x0C, 0x00, 0x01 } }
})

Name (BPSD, Package ()
{
    // 12: cut short
    Package () { Package () { 5, 0, 1 } },
    // 13: a coordination that is none
    Package () { Package () { 5, 0, 1, 0x77, 2 } },
    // 14: a domain without CPUs
    Package () { Package () { 5, 0, 1, 0xFC, 0 } }
})

Name (BPPC, Package ()
{
    // 15: beyond the last state
    200,
    // 16: no number
    Package () { 1 }
})

Name (BTSS, Package ()
{
    // 17: nothing in it
    Package () {},
    // 18: a state that does not run at all
    Package () { Package () { 100, 1000, 0, 0, 0 }, Package () { 0, 0, 0, 0x10, 0 } },
    // 19: a state cut short
    Package () { Package () { 100, 1000, 0, 0, 0 }, Package () { 50, 500 } }
})

// The same objects in other ways, and those that have no good kind without them.
Name (BPC2, Package ()
{
    // 20: registers in memory
    Package () { ResourceTemplate () { Register (SystemMemory, 32, 0, 0xFED80000) },
                 ResourceTemplate () { Register (SystemMemory, 32, 0, 0xFED80004) } },
    // 21: no port
    Package () { ResourceTemplate () { Register (SystemIO, 16, 0, 0) }, CONTROL },
    // 22: no bits
    Package () { CONTROL, ResourceTemplate () { Register (SystemIO, 0, 0, 0x882) } }
})

Name (BPS2, Package ()
{
    // 23: a number
    1,
    // 24: a form that nobody knows
    Package () { Package () { 5, 3, 1, 0xFC, 2 } }
})

// 25: twice as fast as all there is
Name (BTS2, Package () { Package () { 200, 1000, 0, 0, 0 }, Package () { 50, 500, 0, 0x1C, 0 } })

// 26: the status register is missing
Name (BPTC, Package () { ResourceTemplate () { Register (FFixedHW, 0, 0, 0) } })

// 27: a coordination that is none
Name (BTSD, Package () { Package () { 5, 0, 3, 0x77, 1 } })

// 28: no number
Name (BTPC, Package () { 1 })

Name (BCPC, Package ()
{
    // 29: cut short
    Package () { 4, 2, 255, 150 },
    // 30: fewer entries than it says
    Package () { 23, 3, 255, 150, 100, 50, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE },
    // 31: the lowest is the highest
    Package () { 23, 3, 50, 100, 150, 255, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
                 NONE, NONE, NONE, NONE, 400, 2400 }
})
