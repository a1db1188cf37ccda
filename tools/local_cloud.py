"""The local cloud: starts MiniStack, deploys the template into it with SAM, reads the outputs, stops it.

No container engine: MiniStack runs the functions' programs as they are. It checks no API key, throttles nothing, and knows no
gateway responses, nor the authorizer of a definition; what the gateway itself answers is real on AWS alone. Of a queue it
runs one job at a time.
"""

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from samcli.yamlhelper import yaml_parse

from build import PACKAGE, REGION, ROOT, STATE, architecture, environment, program
from progress import Failed, Step, run_logged, shown

USUAL_PORT = 4566
START_SECONDS = 30
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1

# No proxy between this machine and itself.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status, headers (an `email.message.Message`), body as it came."""

    status: int
    headers: object
    body: bytes

    def json(self):
        """The body as JSON; fails where it is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Failed(f"The API answered {self.status} with something that is not JSON: {self.body[:200]!r}") from error


def send(method, url, body=None, headers=None, seconds=35):
    """One HTTP request; any status is an answer. `body`: bytes, or a value that is sent as JSON."""
    sent = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data=body, headers=sent, method=method)
    try:
        with DIRECT.open(request, timeout=seconds) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())
    except OSError as error:
        raise Failed(f"No answer from {url}: {getattr(error, 'reason', error)}") from error


@dataclass(frozen=True)
class Deployment:
    """A deployed stack: `url` has no slash at its end."""

    url: str
    key: str
    outputs: dict
    # The template's name of a resource -> the local cloud's.
    resources: dict
    endpoint: str

    def call(self, method, path, body=None, headers=None, key=True):
        """A request to the API, with the key unless told otherwise."""
        sent = ({"x-api-key": self.key} if key else {}) | (headers or {})
        return send(method, self.url + path, body, sent)

    def invoke(self, output, payload):
        """A direct invocation of the function that the output names."""
        url = f"{self.endpoint}/2015-03-31/functions/{self.outputs[output]}/invocations"
        return send("POST", url, payload, signed_for("lambda"))


class LocalCloud:
    """`with LocalCloud() as cloud:` has it run, and stops it at the end, however that comes.

    `name`: of its log and of its scratch folder; two at the same time need two names. `variables`: what its environment,
    and so that of the functions, has beside the usual.
    """

    def __init__(self, port=None, name="cloud", **variables):
        self._asked_for = port
        self._variables = variables
        self._process = None
        self.port = None
        self.log = STATE / f"{name}.log"
        self._scratch = STATE / name

    @property
    def endpoint(self):
        """Where every service of the local cloud answers."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.port = choose_port(self._asked_for)
        self._scratch.mkdir(parents=True, exist_ok=True)
        with self.log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ministack"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self._scratch,
                env=environment(
                    GATEWAY_PORT=str(self.port), BIND_HOST="127.0.0.1", TMPDIR=str(self._scratch),
                    # Names itself: the functions' own calls to AWS must come here too.
                    AWS_ENDPOINT_URL=self.endpoint, **self._variables,
                ),
                # A group of its own, so that Ctrl-C reaches us alone and we stop it, and its functions, in order.
                start_new_session=True, preexec_fn=_die_with_parent,
            )
        try:
            with Step("Starting the local cloud"):
                self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise Failed(f"The local cloud ended while starting. All of it is in {shown(self.log)}; its end:", self.log)
            try:
                if send("GET", f"{self.endpoint}/_ministack/health", seconds=2).status == 200:
                    return
            except Failed:
                time.sleep(0.1)
        raise Failed(f"The local cloud did not start within {START_SECONDS} s. {shown(self.log)} ends with:", self.log)

    def deploy(self, stack="agent-generator", **parameters):
        """`sam deploy` of the built template, as it is. Parameters by their names in the template."""
        if not PACKAGE.is_file():
            raise Failed("Nothing is built yet: `make build` does it.")
        # In quotes: SAM does not take an empty value without.
        overrides = [f'{name}="{value}"' for name, value in ({"Architecture": architecture()} | parameters).items()]
        run_logged(
            [program("sam"), "deploy", "--config-env", "local", "--stack-name", stack,
             "--parameter-overrides", *overrides],
            log=STATE / f"deploy-{stack}.log", message="The template was not deployed", cwd=ROOT,
            env=environment(AWS_ENDPOINT_URL=self.endpoint),
        )
        outputs = self._listed(stack, "DescribeStacks", "Outputs", "OutputKey", "OutputValue")
        resources = self._listed(
            stack, "DescribeStackResources", "StackResources", "LogicalResourceId", "PhysicalResourceId")
        self._lay_failures_aside(resources)
        key = send("GET", f"{self.endpoint}/apikeys/{outputs['ApiKeyId']}?includeValue=true", headers=signed_for("apigateway"))
        # The output ApiUrl is the address on AWS; this is the same API here.
        url = f"{self.endpoint}/restapis/{outputs['ApiId']}/v1/_user_request_"
        return Deployment(url, key.json()["value"], outputs, resources, self.endpoint)

    def _listed(self, stack, action, items, name, value):
        query = urllib.parse.urlencode({"Action": action, "Version": "2010-05-15", "StackName": stack})
        answer = send("POST", f"{self.endpoint}/", query.encode(),
                      signed_for("cloudformation") | {"Content-Type": "application/x-www-form-urlencoded"})
        members = ElementTree.fromstring(answer.body).iterfind(f".//{{*}}{items}/{{*}}member")
        return {member.findtext(f"{{*}}{name}"): member.findtext(f"{{*}}{value}") for member in members}

    def _lay_failures_aside(self, resources):
        """MiniStack leaves the RedrivePolicy of a queue out when it deploys: set here, as the template has it."""
        for name, resource in yaml_parse(PACKAGE.read_text(encoding="utf-8"))["Resources"].items():
            if resource["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" in resource["Properties"]:
                policy = dict(resource["Properties"]["RedrivePolicy"])
                target = resources[policy["deadLetterTargetArn"]["Fn::GetAtt"][0]]
                found = called(
                    self.endpoint, "sqs", "AmazonSQS.GetQueueAttributes", QueueUrl=target, AttributeNames=["QueueArn"])
                policy["deadLetterTargetArn"] = found["Attributes"]["QueueArn"]
                called(self.endpoint, "sqs", "AmazonSQS.SetQueueAttributes", QueueUrl=resources[name],
                       Attributes={"RedrivePolicy": json.dumps(policy)})

    def wait(self):
        """Returns when the local cloud ends by itself."""
        return self._process.wait()

    def stop(self):
        """Stops it with everything that it started; twice does nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            try:
                # What is left of its group: functions in the middle of a request.
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            shutil.rmtree(self._scratch, ignore_errors=True)


def choose_port(asked_for=None):
    """The port that was asked for, which must be free; else the usual one, else any that is free."""
    if asked_for is not None:
        if not 0 < asked_for < 65536:
            raise Failed(f"GATEWAY_PORT={asked_for} is no port: choose one from 1 to 65535.")
        if not is_free(asked_for):
            raise Failed(f"Port {asked_for} is taken: choose another with GATEWAY_PORT=..., or leave it out for a free one.")
        return asked_for
    if is_free(USUAL_PORT):
        return USUAL_PORT
    return free_port()


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        # As servers do it: a connection that has just ended does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def port_from_environment():
    """GATEWAY_PORT as a number, or None where it is not set."""
    value = os.environ.get("GATEWAY_PORT", "").strip()
    if not value:
        return None
    if not value.isdecimal():
        raise Failed(f"GATEWAY_PORT={value} is no port: choose one from 1 to 65535.")
    return int(value)


def signed_for(service):
    """Headers for a request to a service of the local cloud, which reads the service's name out of them and no more."""
    scope = f"test/20200101/{REGION}/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"}


def called(endpoint, service, target, form="1.0", **body):
    """A call of a service of the local cloud that speaks the JSON protocol; gives the answer's JSON."""
    headers = signed_for(service) | {"X-Amz-Target": target, "Content-Type": f"application/x-amz-json-{form}"}
    answer = send("POST", f"{endpoint}/", json.dumps(body).encode(), headers)
    if answer.status != 200:
        raise Failed(f"The local cloud refused {target}: {answer.status} {answer.body[:300]!r}")
    return answer.json() if answer.body else {}


_LIBC = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    # Even where this program is killed and cannot stop its child.
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
