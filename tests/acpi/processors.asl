// SPDX-License-Identifier: GPL-2.0
/*
 * Processor objects for the CPUs that QEMU's own tables name, in many
 * firmwares' manners. KIND says which: 0 to 7 are good (good.asl), from 8 on
 * each breaks one object of C001, C002 and C003 (broken.asl). The objects in
 * odd.asl are broken in all kinds.
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

        #include "good.asl"
        #include "broken.asl"
        #include "odd.asl"

        // The object of one CPU: the broken one where there is one.
        Method (WPSS, 1)
        {
            If ((KIND >= BAD1) && (Arg0 == 1))
            {
                Return (DerefOf (BPSS [(KIND - BAD1)]))
            }
            Return (GPSS ())
        }

        Method (WCST, 1)
        {
            If ((KIND >= BAD1) && (Arg0 == 2))
            {
                Return (DerefOf (BCST [(KIND - BAD1)]))
            }
            Return (GCST ())
        }

        // C003: the first four break _PCT, the next ones _PSD, _PPC and _TSS.
        Method (WPCT, 1)
        {
            If ((KIND >= BAD1) && (Arg0 == 3) && (KIND < (BAD1 + 4)))
            {
                Return (DerefOf (BPCT [(KIND - BAD1)]))
            }
            Return (GPCT ())
        }

        Method (WPSD, 1)
        {
            If ((Arg0 == 3) && (KIND >= (BAD1 + 4)) && (KIND < (BAD1 + 7)))
            {
                Return (DerefOf (BPSD [(KIND - BAD1 - 4)]))
            }
            Return (GPSD (Arg0))
        }

        Method (WPPC, 1)
        {
            If ((Arg0 == 3) && (KIND >= (BAD1 + 7)) && (KIND < (BAD1 + 9)))
            {
                Return (DerefOf (BPPC [(KIND - BAD1 - 7)]))
            }
            Return (GPPC ())
        }

        Method (WTSS, 1)
        {
            If ((Arg0 == 3) && (KIND >= (BAD1 + 9)) && (KIND < (BAD1 + 12)))
            {
                Return (DerefOf (BTSS [(KIND - BAD1 - 9)]))
            }
            Return (GTSS)
        }

        Device (FAN0)
        {
            Name (_HID, EisaId ("PNP0C0B"))
            Name (_UID, "kinds")
            Name (_FIF, Package () { 0, 0, 0, 0 })

            Method (_FST) { Return (Package () { 0, KIND, KIND }) }

            Method (_FPS)
            {
                Local0 = Package (21) { 0 }
                Local1 = 0
                While (Local1 < 20)
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
                KIND = Arg0
                TELL (0x80)     // _PPC
                TELL (0x81)     // _CST
                TELL (0x82)     // _TPC
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
        Method (_PTC) { Return (GPTC) }
        Method (_TSS) { Return (WTSS (0)) }
        Method (_TSD) { Return (GTSD (0)) }
        Method (_TPC) { Return (GTPC ()) }
    }

    Scope (\_SB.CPUS.C001)
    {
        Method (_PCT) { Return (WPCT (1)) }
        Method (_PSS) { Return (WPSS (1)) }
        Method (_PSD) { Return (WPSD (1)) }
        Method (_PPC) { Return (WPPC (1)) }
        Method (_CST) { Return (WCST (1)) }
        Method (_PTC) { Return (GPTC) }
        Method (_TSS) { Return (WTSS (1)) }
        Method (_TSD) { Return (GTSD (1)) }
        Method (_TPC) { Return (GTPC ()) }
    }

    Scope (\_SB.CPUS.C002)
    {
        Method (_PCT) { Return (WPCT (2)) }
        Method (_PSS) { Return (WPSS (2)) }
        Method (_PSD) { Return (WPSD (2)) }
        Method (_PPC) { Return (WPPC (2)) }
        Method (_CST) { Return (WCST (2)) }
        Method (_PTC) { Return (GPTC) }
        Method (_TSS) { Return (WTSS (2)) }
        Method (_TSD) { Return (GTSD (2)) }
        Method (_TPC) { Return (GTPC ()) }
    }

    Scope (\_SB.CPUS.C003)
    {
        Method (_PCT) { Return (WPCT (3)) }
        Method (_PSS) { Return (WPSS (3)) }
        Method (_PSD) { Return (WPSD (3)) }
        Method (_PPC) { Return (WPPC (3)) }
        Method (_CST) { Return (WCST (3)) }
        Method (_PTC) { Return (GPTC) }
        Method (_TSS) { Return (WTSS (3)) }
        Method (_TSD) { Return (GTSD (3)) }
        Method (_TPC) { Return (GTPC ()) }
    }
}
