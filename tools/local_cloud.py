"""The local cloud: starts MiniStack, deploys the template into it with SAM, reads the outputs, stops it.

Needs no container engine: MiniStack runs the functions as plain processes, each with the rights of its role. What it does
not do as AWS does is in docs/LIMITS.md.
"""

import json
import shutil
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from samcli.yamlhelper import yaml_parse

from build import PACKAGE
from local_template import write_readable
from ports import choose_port
from processes import start_helper, stop_helper
from progress import Failed, Step, run_logged, shown
from repackaged import functions_of
from workspace import REGION, ROOT, STATE, architecture, environment, program

START_SECONDS = 30
# Parameters for whoever sends more than one caller may.
UNLIMITED = dict.fromkeys(
    ("KeyRateLimit", "KeyBurstLimit", "StageRateLimit", "StageBurstLimit", "OpenRateLimit", "OpenBurstLimit"), 10_000,
) | {"KeyQuotaPerDay": 100_000_000}

# No proxy between this machine and itself.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `headers` is an `email.message.Message`."""

    status: int
    headers: object
    body: bytes

    def json(self):
        """Parses the body as JSON, or fails."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Failed(f"The API answered {self.status} with something that is not JSON: {self.body[:200]!r}") from error


def send(method, url, body=None, headers=None, seconds=35):
    """Sends one HTTP request; any status is an answer. A `body` that is not bytes is sent as JSON."""
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
    """A deployed stack. `url` is the API's address, without a slash at its end."""

    url: str
    key: str
    outputs: dict
    # Logical id -> physical id.
    resources: dict
    endpoint: str

    def call(self, method, path, body=None, headers=None, key=True):
        """Sends a request to the API; `key=False` leaves out the API key."""
        sent = ({"x-api-key": self.key} if key else {}) | (headers or {})
        return send(method, self.url + path, body, sent)

    def invoke(self, output, payload):
        """Invokes the function that an output names."""
        url = f"{self.endpoint}/2015-03-31/functions/{self.outputs[output]}/invocations"
        return ask("lambda", "POST", url, payload)


class LocalCloud:
    """`with LocalCloud() as cloud:` starts it, and stops it when the block is left in any way.

    `name` is that of its log and scratch folder: two that run at the same time need two names. `variables` are added to its
    environment, which the functions inherit.
    """

    def __init__(self, port=None, name="cloud", **variables):
        self._asked_for = port
        self._variables = variables
        self._process = None
        self.port = None
        self.log = STATE / f"{name}.log"
        self._scratch = STATE / name
        # Template -> its functions' code, uploaded with the first stack.
        self._uploaded = {}

    @property
    def endpoint(self):
        """The address of every service of the local cloud."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.port = choose_port(self._asked_for)
        self._scratch.mkdir(parents=True, exist_ok=True)
        with self.log.open("w", encoding="utf-8") as log:
            self._process = start_helper(
                [sys.executable, "-m", "ministack"], log, cwd=self._scratch,
                env=environment(
                    GATEWAY_PORT=str(self.port), BIND_HOST="127.0.0.1", TMPDIR=str(self._scratch),
                    # The functions' own calls to AWS must come here too.
                    AWS_ENDPOINT_URL=self.endpoint,
                    # Enforces the rights of roles.
                    AUTH="true",
                    # No listener for things on a port that two local clouds would share.
                    IOT_MTLS_PORT="0", **self._variables,
                ),
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
                raise Failed(f"The local cloud stopped while starting. All of it is in {shown(self.log)}; its end:", self.log)
            try:
                if send("GET", f"{self.endpoint}/_ministack/health", seconds=2).status == 200:
                    return
            except Failed:
                time.sleep(0.1)
        raise Failed(f"The local cloud did not start within {START_SECONDS} s. {shown(self.log)} ends with:", self.log)

    def deploy(self, stack="agent-generator", template=PACKAGE, **parameters):
        """`sam deploy` of a template whose functions are built. `parameters` are those of the template."""
        if not template.is_file():
            raise Failed("Nothing is built yet: run `make build`.")
        parameters = {"Architecture": architecture()} | parameters
        # In quotes: SAM does not take an empty value without.
        overrides = [f'{name}="{value}"' for name, value in parameters.items()]
        readable = write_readable(template, stack, parameters, self._uploaded.get(template))
        run_logged(
            [program("sam"), "deploy", "--config-file", ROOT / "samconfig.toml", "--config-env", "local",
             "--template-file", readable, "--stack-name", stack, "--parameter-overrides", *overrides],
            log=STATE / f"deploy-{stack}.log", message="The template was not deployed", cwd=ROOT,
            env=environment(AWS_ENDPOINT_URL=self.endpoint),
        )
        if template not in self._uploaded:
            self._uploaded[template] = self._code_of(stack)
        outputs = self._listed(stack, "DescribeStacks", "Outputs", "OutputKey", "OutputValue")
        resources = self._listed(
            stack, "DescribeStackResources", "StackResources", "LogicalResourceId", "PhysicalResourceId")
        # A deployment keeps the gateway's answers of its time, and the stack's may have been made before them.
        ask("apigateway", "POST", f"{self.endpoint}/restapis/{outputs['ApiId']}/deployments", {"stageName": "v1"})
        key = ask("apigateway", "GET", f"{self.endpoint}/apikeys/{outputs['ApiKeyId']}?includeValue=true")
        # The output ApiUrl is the address on AWS; this is the same API here.
        url = f"{self.endpoint}/restapis/{outputs['ApiId']}/v1/_user_request_"
        return Deployment(url, key.json()["value"], outputs, resources, self.endpoint)

    def _asked_of(self, stack, action, **more):
        query = urllib.parse.urlencode({"Action": action, "Version": "2010-05-15", "StackName": stack} | more)
        answer = ask("cloudformation", "POST", f"{self.endpoint}/", query.encode(),
                     {"Content-Type": "application/x-www-form-urlencoded"})
        return ElementTree.fromstring(answer.body)

    def _code_of(self, stack):
        """Function -> where its code lies."""
        deployed = yaml_parse(self._asked_of(stack, "GetTemplate", TemplateStage="Original").findtext(".//{*}TemplateBody"))
        return {name: function["Properties"]["CodeUri"] for name, function in functions_of(deployed).items()}

    def _listed(self, stack, action, items, name, value):
        members = self._asked_of(stack, action).iterfind(f".//{{*}}{items}/{{*}}member")
        return {member.findtext(f"{{*}}{name}"): member.findtext(f"{{*}}{value}") for member in members}

    def wait(self):
        """Blocks until the local cloud ends; returns its exit code."""
        return self._process.wait()

    def stop(self):
        """Stops it and every function that it runs. A second call does nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            stop_helper(process)
        finally:
            shutil.rmtree(self._scratch, ignore_errors=True)


def ask(service, method, url, body=None, headers=None):
    """Sends one request to a service of the local cloud, as the account's root: its signature is not checked."""
    scope = f"test/20200101/{REGION}/{service}/aws4_request"
    signature = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"}
    return send(method, url, body, signature | (headers or {}))


def called(endpoint, service, target, form="1.0", **body):
    """Calls a service of the local cloud by AWS's JSON protocol; returns the answer's JSON."""
    headers = {"X-Amz-Target": target, "Content-Type": f"application/x-amz-json-{form}"}
    answer = ask(service, "POST", f"{endpoint}/", body, headers)
    if answer.status != 200:
        raise Failed(f"The local cloud refused {target}: {answer.status} {answer.body[:300]!r}")
    return answer.json() if answer.body else {}
