// SPDX-License-Identifier: GPL-2.0
/*
 * A processor aggregator: how many CPUs shall be idle, by kind. What the one who
 * serves it said last is in SAID's status, which sysfs shows: bits 8 to 15 are the
 * number of calls, 16 to 23 the status it gave, 24 to 31 the CPUs it named.
 */
Name (CNT1, 0)
Name (STA1, 0)
Name (IDL1, 0)

Name (NOPU, Package () { 1 })

Device (PAD0)
{
    Name (_HID, "ACPI000C")

    Method (_PUR)
    {
        If (KIND == 34)         // a form that nobody knows
        {
            Return (Package () { 2, 1 })
        }
        If (KIND == 35)         // cut short
        {
            Return (NOPU)
        }
        If (KIND == 33)
        {
            Return (Package () { 1, 2 })
        }
        If (KIND == 32)
        {
            Return (Package () { 1, 1 })
        }
        Return (Package () { 1, 0 })
    }

    Method (_OST, 3, Serialized)
    {
        CNT1 = (CNT1 + 1) & 0xFF
        STA1 = Arg1 & 0xFF
        IDL1 = DerefOf (Arg2 [0])
    }
}

Device (SAID)
{
    Name (_HID, "XENM0001")
    Method (_STA) { Return (0x0F | (CNT1 << 8) | (STA1 << 16) | (IDL1 << 24)) }
}
