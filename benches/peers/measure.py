"""Runs programs and tells what they cost; starts simulators and asks them what they have seen."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from urllib.parse import urlencode


def run(command, environment, folder, limit=600):
    """Runs a program to its end: CPU of it and all its children, wall clock, the largest memory."""
    with open(os.path.join(folder, "log"), "w+b") as log:
        began = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
        killer = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        killer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        killer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        text = log.read().decode(errors="replace")
    return {
        "exit": process.returncode,
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": wall,
        "memory": usage.ru_maxrss / 1024,
        "log": text[-4000:],
    }


def last_json(text):
    """Returns the object on the last line that is one."""
    lines = [line for line in text.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else {}


class Simulator:
    """`entraql simulate` in a process of its own."""

    def __init__(self, program, world, *options):
        port = free_port()
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        words = [program, "simulate", "--keep-pages", "--port", port, "--world", world, *options]
        self.process = subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, text=True)
        lines = [self.process.stdout.readline() for _ in range(6)]
        if not lines[-1].startswith("export "):
            raise SystemExit(f"the simulator did not start: {words}")
        exports = (line.strip().removeprefix("export ") for line in lines[1:])
        self.settings = {name: value.strip("'") for name, value in (e.split("=", 1) for e in exports)}

    def token(self):
        """Gets a token the way any client of Entra does."""
        settings = self.settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings["AZURE_CLIENT_ID"],
            "client_secret": settings["AZURE_CLIENT_SECRET"],
            "scope": "https://graph.microsoft.com/.default",
        }
        url = f"{self.url}/{settings['AZURE_TENANT_ID']}/oauth2/v2.0/token"
        with urllib.request.urlopen(url, urlencode(form).encode()) as reply:
            return json.load(reply)["access_token"]

    def seen(self):
        """Returns how many requests came in so far."""
        with urllib.request.urlopen(f"{self.url}/simulator/counts") as reply:
            return json.load(reply)

    def memory(self):
        """Returns the largest memory it has had, in MB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def free_port():
    """Returns a port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def fresh(folder):
    """Empties a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def machine():
    """Says on what this was measured."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    date = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    system = f"{os.uname().sysname} {os.uname().release}"
    return f"{date} UTC, {len(names)} cores ({', '.join(set(names))}), {system}, load {os.getloadavg()[0]:.1f}"
