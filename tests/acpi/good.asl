// SPDX-License-Identifier: GPL-2.0
/*
 * Kinds without a fault. Each but the first three differs from the one before in
 * one object.
 *   0  like Intel's: C2 and C3 by MWAIT, P-states by MSR, two domains of two CPUs
 *   1  like AMD's: C2 by a port, P-states by MSR, each CPU a domain of its own
 *   2  all by ports, which is what Xen can really do in an emulated machine
 *   3  _PPC: the fastest P-state is not allowed
 *   4  _CST: no C3
 *   5  _TPC: the fastest T-state is not allowed
 *   6  nothing
 *   7  _PPC and _CST as in kind 2
 */

// C-states: register, type, latency in us, power in mW. C1 always halts: QEMU's
// MWAIT faults when Xen enters a state by it.
Name (CFFH, Package ()
{
    3,
    Package () { ResourceTemplate () { Register (FFixedHW, 0, 0, 0) }, 1, 1, 1000 },
    Package () { ResourceTemplate () { Register (FFixedHW, 1, 2, 0x10, 1) }, 2, 64, 500 },
    Package () { ResourceTemplate () { Register (FFixedHW, 1, 2, 0x20, 3) }, 3, 96, 200 }
})
Name (CAMD, Package ()
{
    2,
    Package () { ResourceTemplate () { Register (FFixedHW, 2, 2, 0) }, 1, 1, 0 },
    Package () { ResourceTemplate () { Register (SystemIO, 8, 0, 0x814, 1) }, 2, 18, 0 }
})
Name (CPRT, Package ()
{
    3,
    Package () { ResourceTemplate () { Register (FFixedHW, 0, 0, 0) }, 1, 1, 1000 },
    Package () { ResourceTemplate () { Register (SystemIO, 8, 0, 0x814, 1) }, 2, 80, 500 },
    Package () { ResourceTemplate () { Register (SystemIO, 8, 0, 0x815, 1) }, 3, 200, 200 }
})
Name (CNO3, Package ()
{
    2,
    Package () { ResourceTemplate () { Register (FFixedHW, 0, 0, 0) }, 1, 1, 1000 },
    Package () { ResourceTemplate () { Register (SystemIO, 8, 0, 0x814, 1) }, 2, 70, 500 }
})

// P-states: MHz, mW, latencies in us, control, status.
Name (PINT, Package ()
{
    Package () { 2401, 65000, 10, 10, 0x1900, 0x1900 },
    Package () { 2400, 60000, 10, 10, 0x1800, 0x1800 },
    Package () { 2000, 50000, 10, 10, 0x1400, 0x1400 },
    Package () { 1600, 38000, 10, 10, 0x1000, 0x1000 },
    Package () { 1200, 28000, 10, 10, 0x0C00, 0x0C00 }
})
Name (PAMD, Package ()
{
    Package () { 3400, 95000, 8, 8, 0, 0 },
    Package () { 2800, 70000, 8, 8, 1, 1 },
    Package () { 1400, 30000, 8, 8, 2, 2 }
})
Name (PPRT, Package ()
{
    Package () { 2400, 65000, 10, 10, 0x1800, 0x1800 },
    Package () { 2000, 50000, 10, 10, 0x1400, 0x1400 },
    Package () { 1600, 38000, 10, 10, 0x1000, 0x1000 },
    Package () { 1200, 28000, 10, 10, 0x0C00, 0x0C00 }
})

// The registers of P-states: control, status.
Name (RINT, Package ()
{
    ResourceTemplate () { Register (FFixedHW, 0, 0, 0) },
    ResourceTemplate () { Register (FFixedHW, 0, 0, 0) }
})
Name (RAMD, Package ()
{
    ResourceTemplate () { Register (FFixedHW, 64, 0, 0xC0010062) },
    ResourceTemplate () { Register (FFixedHW, 64, 0, 0xC0010063) }
})
Name (RPRT, Package ()
{
    ResourceTemplate () { Register (SystemIO, 16, 0, 0x880) },
    ResourceTemplate () { Register (SystemIO, 16, 0, 0x882) }
})

// T-states: percent, mW, latency in us, control, status; their registers.
Name (GTSS, Package ()
{
    Package () { 100, 1000, 0, 0x00, 0 },
    Package () { 75, 750, 0, 0x1E, 0 },
    Package () { 50, 500, 0, 0x1C, 0 },
    Package () { 25, 250, 0, 0x1A, 0 }
})
Name (GPTC, Package ()
{
    ResourceTemplate () { Register (FFixedHW, 0, 0, 0) },
    ResourceTemplate () { Register (FFixedHW, 0, 0, 0) }
})

// Performance without states: entries, revision, highest, nominal, lowest that is
// proportional, lowest; 15 registers that are not there; lowest and nominal MHz.
#define NONE ResourceTemplate () { Register (SystemMemory, 0, 0, 0) }
Name (GCPC, Package ()
{
    23, 3, 255, 150, 100, 50, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, 400, 2400
})

Method (GCST)
{
    If (KIND == 0)
    {
        Return (CFFH)
    }
    If (KIND == 1)
    {
        Return (CAMD)
    }
    If ((KIND >= 4) && (KIND <= 6))
    {
        Return (CNO3)
    }
    Return (CPRT)
}

Method (GPSS)
{
    If (KIND == 0)
    {
        Return (PINT)
    }
    If (KIND == 1)
    {
        Return (PAMD)
    }
    Return (PPRT)
}

Method (GPCT)
{
    If (KIND == 0)
    {
        Return (RINT)
    }
    If (KIND == 1)
    {
        Return (RAMD)
    }
    Return (RPRT)
}

// Entries, revision, domain, coordination (0xFC: by software, all CPUs;
// 0xFE: by hardware), CPUs of the domain.
Method (GPSD, 1)
{
    Local0 = Package () { 5, 0, 0, 0xFC, 2 }
    If (KIND == 1)
    {
        Local0 = Package () { 5, 0, 0, 0xFE, 1 }
        Local0[2] = Arg0
    }
    Else
    {
        Local0[2] = Arg0 >> 1
    }
    Local1 = Package (1) { 0 }
    Local1[0] = Local0
    Return (Local1)
}

Method (GTSD, 1)
{
    Local0 = Package () { 5, 0, 0, 0xFC, 1 }
    Local0[2] = Arg0
    Local1 = Package (1) { 0 }
    Local1[0] = Local0
    Return (Local1)
}

Method (GPPC)
{
    If ((KIND >= 3) && (KIND <= 6))
    {
        Return (1)
    }
    Return (0)
}

Method (GTPC)
{
    If ((KIND == 5) || (KIND == 6))
    {
        Return (1)
    }
    Return (0)
}
