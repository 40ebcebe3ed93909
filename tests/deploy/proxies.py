"""The proxies of deploy/ as they stand there, but for ports and the certificate; each as a process of a test's own."""

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from collector.settings import PROJECT_ROOT
from tests.deploy.authority import Authority

DEPLOY = PROJECT_ROOT / "deploy"
#: The name that deploy/ speaks of; the tests' browser is told where it lies.
NAME = "survey.example.org"
PROGRAMS = {"nginx": "/usr/sbin/nginx", "caddy": "caddy"}


def is_there(kind: str) -> bool:
    """Whether this machine has the proxy, and what makes a browser trust a certificate."""
    return all(shutil.which(program) for program in (PROGRAMS[kind], "certutil", "openssl"))


@dataclass
class Proxy:
    """A proxy in front of the Collector at `upstream_port`: HTTP on `http_port`, HTTPS on `https_port` of this machine."""

    kind: str
    folder: Path
    authority: Authority
    upstream_port: int
    http_port: int
    https_port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        command = self._write_nginx() if self.kind == "nginx" else self._write_caddy()
        environ = {"PATH": "/usr/bin:/usr/sbin:/bin", "HOME": str(self.folder)}
        log = (self.folder / f"{self.kind}.log").open("ab")
        self.process = subprocess.Popen(command, env=environ, stdout=log, stderr=log, cwd=self.folder)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.folder / f"{self.kind}.log").read_text()
            try:
                socket.create_connection(("127.0.0.1", self.https_port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"{self.kind} takes no connections")

    def stop(self) -> None:
        """End it: the network is really away then."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def _changed(self, name: str, changes: dict[str, str]) -> str:
        """The text of a file of deploy/ with these changes, each of which has to fit."""
        text = (DEPLOY / name).read_text()
        for old, new in changes.items():
            assert old in text, f"deploy/{name} no longer has {old!r}"
            text = text.replace(old, new)
        return text

    def _write_nginx(self) -> list[str]:
        """Configuration for an nginx without rights, around the site's file; gives the command."""
        site = self._changed(
            "nginx.conf",
            {
                "server 127.0.0.1:8000;": f"server 127.0.0.1:{self.upstream_port};",
                "listen 80;": f"listen 127.0.0.1:{self.http_port};",
                "listen [::]:80;": "",
                "listen 443 ssl http2;": f"listen 127.0.0.1:{self.https_port} ssl http2;",
                "listen [::]:443 ssl http2;": "",
                f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(self.authority.certificate),
                f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(self.authority.key),
                "/var/log/nginx/collector.error.log": str(self.folder / "error.log"),
            },
        )
        (self.folder / "site.conf").write_text(site)
        paths = "".join(
            f"{name}_temp_path {self.folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = self.folder / "main.conf"
        main.write_text(
            f"daemon off; pid {self.folder / 'nginx.pid'}; error_log stderr; user root;\n"
            f"events {{}}\nhttp {{ include /etc/nginx/mime.types; {paths} include {self.folder / 'site.conf'}; }}\n"
        )
        return [PROGRAMS["nginx"], "-p", str(self.folder), "-c", str(main)]

    def _write_caddy(self) -> list[str]:
        """Configuration for a Caddy on other ports with the test's certificate; gives the command."""
        text = self._changed(
            "Caddyfile",
            {
                "# tls /etc/caddy/survey.pem /etc/caddy/survey.key": f"tls {self.authority.certificate} {self.authority.key}",
                "127.0.0.1:8000": f"127.0.0.1:{self.upstream_port}",
            },
        )
        options = (
            f"{{\n\thttp_port {self.http_port}\n\thttps_port {self.https_port}\n\tadmin off\n\tdefault_bind 127.0.0.1\n"
        )
        (self.folder / "Caddyfile").write_text(text.replace("{\n", options, 1))
        return [PROGRAMS["caddy"], "run", "--config", str(self.folder / "Caddyfile"), "--adapter", "caddyfile"]
