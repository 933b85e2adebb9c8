// SPDX-License-Identifier: GPL-2.0
/*
 * Processor objects for the CPUs that QEMU's own tables name, in many
 * firmwares' manners. KIND says which: 0 to 7 are good (good.asl), 8 to 31 each
 * break one object of C001, C002 and C003 (broken.asl); from 32 on CPUs shall be
 * idle (aggregator.asl). The objects in odd.asl are broken in all kinds.
 *
 * A stock kernel can change KIND while it runs: FAN0 is a fan with as many
 * speeds as there are kinds. To set its speed evaluates _FSL, which then does
 * what firmware does when something changed: it notifies the CPUs.
 */
DefinitionBlock ("", "SSDT", 2, "XENMOD", "CPUS", 1)
{
    External (\_SB.CPUS, DeviceObj)
    External (\_SB.CPUS.C000, DeviceObj)
    External (\_SB.CPUS.C001, DeviceObj)
    External (\_SB.CPUS.C002, DeviceObj)
    External (\_SB.CPUS.C003, DeviceObj)

    Scope (\_SB)
    {
        Name (KIND, 2)
        Name (BAD1, 8)          // the first broken kind
        Name (PAD1, 32)         // the first one for the aggregator

        #include "good.asl"
        #include "broken.asl"
        #include "odd.asl"

        // Whether it is one of these kinds, and this CPU's object is broken then.
        Method (BADK, 4)
        {
            Return ((Arg0 == Arg1) && (KIND >= Arg2) && (KIND < Arg3))
        }

        Method (WPSS, 1)
        {
            If (BADK (Arg0, 1, BAD1, PAD1))
            {
                If (KIND == 26)
                {
                    Local0 = 0
                    Return (1 / Local0)
                }
                If (KIND != 27)
                {
                    Return (DerefOf (BPSS [(KIND - BAD1)]))
                }
            }
            Else
            {
                Return (GPSS ())
            }
        }

        Method (WCST, 1)
        {
            If (BADK (Arg0, 2, BAD1, PAD1))
            {
                If (KIND == 26)
                {
                    Local0 = 0
                    Return (1 / Local0)
                }
                If (KIND != 27)
                {
                    Return (DerefOf (BCST [(KIND - BAD1)]))
                }
            }
            Else
            {
                Return (GCST ())
            }
        }

        // C003: each kind breaks one of the other objects.
        Method (WPCT, 1)
        {
            If (BADK (Arg0, 3, 8, 12))
            {
                Return (DerefOf (BPCT [(KIND - 8)]))
            }
            If (BADK (Arg0, 3, 20, 23))
            {
                Return (DerefOf (BPC2 [(KIND - 20)]))
            }
            Return (GPCT ())
        }

        Method (WPSD, 1)
        {
            If (BADK (Arg0, 3, 12, 15))
            {
                Return (DerefOf (BPSD [(KIND - 12)]))
            }
            If (BADK (Arg0, 3, 23, 25))
            {
                Return (DerefOf (BPS2 [(KIND - 23)]))
            }
            Return (GPSD (Arg0))
        }

        Method (WPPC, 1)
        {
            If (BADK (Arg0, 3, 15, 17))
            {
                Return (DerefOf (BPPC [(KIND - 15)]))
            }
            Return (GPPC ())
        }

        Method (WTSS, 1)
        {
            If (BADK (Arg0, 3, 17, 20))
            {
                Return (DerefOf (BTSS [(KIND - 17)]))
            }
            If (BADK (Arg0, 3, 25, 26))
            {
                Return (BTS2)
            }
            Return (GTSS)
        }

        Method (WPTC, 1)
        {
            If (BADK (Arg0, 3, 26, 27))
            {
                Return (BPTC)
            }
            Return (GPTC)
        }

        Method (WTSD, 1)
        {
            If (BADK (Arg0, 3, 27, 28))
            {
                Return (BTSD)
            }
            Return (GTSD (Arg0))
        }

        Method (WTPC, 1)
        {
            If (BADK (Arg0, 3, 28, 29))
            {
                Return (BTPC)
            }
            Return (GTPC ())
        }

        Method (WCPC, 1)
        {
            If (BADK (Arg0, 3, 29, 32))
            {
                Return (DerefOf (BCPC [(KIND - 29)]))
            }
            Return (GCPC)
        }

        #include "aggregator.asl"

        Device (FAN0)
        {
            Name (_HID, EisaId ("PNP0C0B"))
            Name (_UID, "kinds")
            Name (_FIF, Package () { 0, 0, 0, 0 })

            Method (_FST) { Return (Package () { 0, KIND, KIND }) }

            Method (_FPS)
            {
                Local0 = Package (37) { 0 }
                Local1 = 0
                While (Local1 < 36)
                {
                    // Control value, trip point, speed, noise, power.
                    Local2 = Package () { 0, 0xFFFFFFFF, 0, 0xFFFFFFFF, 0xFFFFFFFF }
                    Local2[0] = Local1
                    Local2[2] = Local1
                    Local1++
                    Local0[Local1] = Local2
                }
                Return (Local0)
            }

            Method (TELL, 1)
            {
                Notify (\_SB.CPUS.C000, Arg0)
                Notify (\_SB.CPUS.C001, Arg0)
                Notify (\_SB.CPUS.C002, Arg0)
                Notify (\_SB.CPUS.C003, Arg0)
            }

            Method (_FSL, 1, Serialized)
            {
                Local0 = KIND
                KIND = Arg0
                TELL (0x80)     // _PPC
                TELL (0x81)     // _CST
                TELL (0x82)     // _TPC
                If ((KIND >= PAD1) || (Local0 >= PAD1))
                {
                    Notify (PAD0, 0x80)
                }
            }
        }
    }

    Scope (\_SB.CPUS.C000)
    {
        Method (_PCT) { Return (WPCT (0)) }
        Method (_PSS) { Return (WPSS (0)) }
        Method (_PSD) { Return (WPSD (0)) }
        Method (_PPC) { Return (WPPC (0)) }
        Method (_CST) { Return (WCST (0)) }
        Method (_PTC) { Return (WPTC (0)) }
        Method (_TSS) { Return (WTSS (0)) }
        Method (_TSD) { Return (WTSD (0)) }
        Method (_TPC) { Return (WTPC (0)) }
        Method (_CPC) { Return (WCPC (0)) }
    }

    Scope (\_SB.CPUS.C001)
    {
        Method (_PCT) { Return (WPCT (1)) }
        Method (_PSS) { Return (WPSS (1)) }
        Method (_PSD) { Return (WPSD (1)) }
        Method (_PPC) { Return (WPPC (1)) }
        Method (_CST) { Return (WCST (1)) }
        Method (_PTC) { Return (WPTC (1)) }
        Method (_TSS) { Return (WTSS (1)) }
        Method (_TSD) { Return (WTSD (1)) }
        Method (_TPC) { Return (WTPC (1)) }
        Method (_CPC) { Return (WCPC (1)) }
    }

    Scope (\_SB.CPUS.C002)
    {
        Method (_PCT) { Return (WPCT (2)) }
        Method (_PSS) { Return (WPSS (2)) }
        Method (_PSD) { Return (WPSD (2)) }
        Method (_PPC) { Return (WPPC (2)) }
        Method (_CST) { Return (WCST (2)) }
        Method (_PTC) { Return (WPTC (2)) }
        Method (_TSS) { Return (WTSS (2)) }
        Method (_TSD) { Return (WTSD (2)) }
        Method (_TPC) { Return (WTPC (2)) }
        Method (_CPC) { Return (WCPC (2)) }
    }

    Scope (\_SB.CPUS.C003)
    {
        Method (_PCT) { Return (WPCT (3)) }
        Method (_PSS) { Return (WPSS (3)) }
        Method (_PSD) { Return (WPSD (3)) }
        Method (_PPC) { Return (WPPC (3)) }
        Method (_CST) { Return (WCST (3)) }
        Method (_PTC) { Return (WPTC (3)) }
        Method (_TSS) { Return (WTSS (3)) }
        Method (_TSD) { Return (WTSD (3)) }
        Method (_TPC) { Return (WTPC (3)) }
        Method (_CPC) { Return (WCPC (3)) }
    }
}
