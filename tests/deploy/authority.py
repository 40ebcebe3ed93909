"""A certificate authority of a test's own, made with openssl, and a folder in which Chromium trusts it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Authority:
    """Files in `folder`: the authority's certificate, and one that it gave `name` with its key."""

    folder: Path
    name: str

    @property
    def root(self) -> Path:
        """The authority's own certificate, which whoever trusts it has to have."""
        return self.folder / "root.pem"

    @property
    def certificate(self) -> Path:
        """The certificate of the name."""
        return self.folder / "name.pem"

    @property
    def key(self) -> Path:
        """Its private key."""
        return self.folder / "name.key"

    def trusting_home(self) -> Path:
        """A home folder whose NSS database, which Chromium reads, names this authority."""
        home = self.folder / "home"
        database = home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        run("certutil", "-N", "-d", f"sql:{database}", "--empty-password")
        run("certutil", "-A", "-d", f"sql:{database}", "-t", "C,,", "-n", "Test authority", "-i", str(self.root))
        return home


def make_authority(folder: Path, name: str) -> Authority:
    """Make an authority in `folder` and a certificate of it for `name`."""
    authority = Authority(folder, name)
    root_key, request = str(folder / "root.key"), str(folder / "name.csr")
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(
        *("req", "-x509", *new_key, "-keyout", root_key, "-out", str(authority.root), "-days", "2"),
        *("-subj", "/CN=Test authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign"),
    )
    openssl("req", *new_key, "-keyout", str(authority.key), "-out", request, "-subj", f"/CN={name}")
    extensions = folder / "extensions"
    extensions.write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
    openssl(
        *("x509", "-req", "-in", request, "-CA", str(authority.root), "-CAkey", root_key, "-CAcreateserial"),
        *("-out", str(authority.certificate), "-days", "2", "-extfile", str(extensions)),
    )
    return authority


def openssl(*arguments: str) -> None:
    """Run openssl."""
    run("openssl", *arguments)


def run(*command: str) -> None:
    """Run a command that has to end well."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
