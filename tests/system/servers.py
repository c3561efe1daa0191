"""A mail server and a web hook on the loopback address, with real TLS, that keep what they get and fail as they are told."""
import base64
import http.server
import os
import re
import socket
import socketserver
import ssl
import subprocess
import threading
import time


def certificate(directory):
    """A key and a certificate for 127.0.0.1 and localhost, made now."""
    key, cert = os.path.join(directory, "server.key"), os.path.join(directory, "server.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", cert,
                    "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"], check=True, capture_output=True)
    return key, cert


def server_context(pair):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair[1], pair[0])
    return context


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


class MailServer:
    """`fault(command, server)` may answer in place of the server: a text, "drop", or None for the usual. Commands are greeting, EHLO, STARTTLS,
    AUTH, MAIL, RCPT, DATA and END (of the mail). A mail counts as received when END is answered with 250 or kept by the fault."""

    def __init__(self, tls=None, pair=None, login=None, fault=None):
        self.mails, self.connections, self.fault, self.login = [], 0, fault, login
        self.lock = threading.Lock()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with outer.lock:
                    outer.connections += 1
                try:
                    if tls == "tls":
                        self.secure()
                    self.talk()
                except (OSError, ValueError):
                    pass

            def secure(self):
                self.request = server_context(pair).wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

            def say(self, text):
                self.wfile.write(text.encode() + b"\r\n")

            def answer(self, command, usual, argument=""):
                fault = outer.fault(command, argument) if outer.fault else None
                if fault == "drop":
                    self.request.shutdown(socket.SHUT_RDWR)
                    raise ValueError
                self.say(fault or usual)
                return (fault or usual)[0] in "23"

            def talk(self):
                secure, sender, to = tls == "tls", None, []
                if not self.answer("greeting", "220 ready"):
                    return
                while True:
                    line = self.rfile.readline().decode().rstrip("\r\n")
                    word = line[:4].upper()
                    if not line or word == "QUIT":
                        self.say("221 bye")
                        return
                    if word in ("EHLO", "HELO"):
                        offers = ["server"] + (["STARTTLS"] if tls == "starttls" and not secure else []) + (["AUTH PLAIN"] if outer.login else []) + ["8BITMIME"]
                        self.answer("EHLO", "\r\n".join("250" + ("-" if i + 1 < len(offers) else " ") + o for i, o in enumerate(offers)))
                    elif word == "STAR" and tls == "starttls":
                        if self.answer("STARTTLS", "220 go"):
                            self.secure()
                            secure = True
                    elif word == "AUTH":
                        given = line.split()[2] if len(line.split()) > 2 else self.ask()
                        right = base64.b64decode(given).split(b"\0")[1:] == [part.encode() for part in outer.login]
                        self.answer("AUTH", "235 ok" if right else "535 5.7.8 bad account")
                    elif word == "MAIL":
                        sender, to = re.search("<(.*?)>", line).group(1), []
                        self.answer("MAIL", "250 ok")
                    elif word == "RCPT":
                        address = re.search("<(.*?)>", line).group(1)
                        if self.answer("RCPT", "250 ok", address):
                            to.append(address)
                    elif word == "DATA":
                        if self.answer("DATA", "354 go on"):
                            text = self.read_mail()
                            with outer.lock:
                                outer.mails.append((time.time(), sender, to, text))
                            if not self.answer("END", "250 2.0.0 kept", text):
                                with outer.lock:
                                    outer.mails.pop()
                    else:
                        self.say("250 ok")

            def ask(self):
                self.say("334 ")
                return self.rfile.readline().decode().strip()

            def read_mail(self):
                lines = []
                while True:
                    line = self.rfile.readline()
                    if not line:
                        raise ValueError
                    if line == b".\r\n":
                        return b"".join(lines).decode()
                    lines.append(line[1:] if line.startswith(b".") else line)

        self.server = _Tcp(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def message_ids(self):
        return [re.search(r"^Message-ID: (\S+)", mail[3], re.M).group(1) for mail in self.mails]


class WebHook:
    """Keeps (path, headers, body); answers `answer`: (status, text), or closes the line where the status is None."""

    def __init__(self, pair=None, answer=(200, '{"errcode":0,"errmsg":"ok"}')):
        self.posts, self.answer = [], answer
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                outer.posts.append((self.path, dict(self.headers), body))
                status, text = outer.answer(self.path) if callable(outer.answer) else outer.answer
                if status is None:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                try:
                    self.wfile.write(text.encode())
                except OSError:  # they have heard enough
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if pair:
            self.server.socket = server_context(pair).wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if pair else 'http'}://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
