# SPDX-License-Identifier: GPL-2.0
"""A key of this machine, and dkms told to sign with it, as docs/packaging.md
says."""

import os

from package import system

SIGNER = "xenmod test key"
FOLDER = "/var/lib/dkms"

# Debian 11's dkms signs by a tool that is named in its settings.
HELPER = f"""#!/bin/sh
/lib/modules/"$1"/build/scripts/sign-file sha512 {FOLDER}/mok.key {FOLDER}/mok.pub "$2"
"""


def old_dkms():
    release = system.text("dpkg-query", "-W", "-f", "${Version}", "dkms")
    return release.startswith("2.")


def set_up(kernel):
    done = system.call(
        "openssl", "req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes",
        "-days", "36500", "-subj", f"/CN={SIGNER}/", "-outform", "DER",
        "-addext", "extendedKeyUsage=codeSigning",
        "-keyout", f"{FOLDER}/mok.key", "-out", f"{FOLDER}/mok.pub")
    if done.status:
        raise RuntimeError(str(done))
    if not old_dkms():
        return
    # Its headers leave sign-file to linux-kbuild.
    tool = f"/lib/modules/{kernel}/build/scripts/sign-file"
    if not os.path.exists(tool):
        raise RuntimeError(f"no {tool}")
    with open("/etc/dkms/sign_helper.sh", "w") as file:
        file.write(HELPER)
    os.chmod("/etc/dkms/sign_helper.sh", 0o755)
    with open("/etc/dkms/framework.conf", "a") as file:
        file.write('sign_tool="/etc/dkms/sign_helper.sh"\n')


def identifier():
    """The key's, as the kernel shows it."""
    shown = system.text("openssl", "x509", "-inform", "DER", "-in",
                        f"{FOLDER}/mok.pub", "-noout", "-ext",
                        "subjectKeyIdentifier")
    return shown.split()[-1].replace(":", "").lower()
