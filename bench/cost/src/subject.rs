//! What is measured: a program in a role, with a task.

use std::{env, ffi::OsString, iter, path::PathBuf, sync::Arc};

use kit::{
    behaviour::{self, Behaviour},
    binaries, events,
};
use load::{
    contract::Expected,
    fake_aws::{GENERATE_JOB, PATCH_JOB},
    stage::{Role, Stage, template_variables},
    workload::Case,
};
use serde_json::{Value, json};
use tokio::process::Command;

/// The most steps that a request may have, and their bytes for a request of 1 MB.
const MOST_STEPS: usize = 500;
const LARGE_STEP: usize = 2_000;
/// Bytes of a usual step.
pub(crate) const STEP: usize = 100;
/// Nodes of an agent of 4 MB.
const LARGE_NODES: usize = 15_300;
/// Messages of a full batch.
const BATCH: usize = 10;
/// Three clauses to plan.
const GOAL: &str = "Read the news of a feed, summarise each article and send the summaries to Discord";

/// Where the programs are, and the variables that template.yaml gives them.
#[derive(Debug)]
pub(crate) struct Places {
    floors: PathBuf,
    peer: PathBuf,
    python: OsString,
    variables: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// `bench/empty`
    Empty,
    /// `bench/forwarder`
    Forwarder,
    Ours,
    /// `bench/peer`: the job of `generate`, in Python.
    Peer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// The first kind of the role's mixture.
    Usual,
    Goal,
    LargeRequest,
    /// The generator answers with an agent of 4 MB.
    LargeReply,
    Batch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) program: Program,
    /// The function, also if another program takes its place.
    pub(crate) binary: &'static str,
    pub(crate) role: Role,
    pub(crate) task: Task,
}

pub(crate) const EMPTY: Subject = other(Program::Empty, Task::Usual);
pub(crate) const FORWARDER: Subject = other(Program::Forwarder, Task::Usual);
pub(crate) const PEER: Subject = other(Program::Peer, Task::Usual);
pub(crate) const REMOTE: Subject = ours("generate", Role::Remote, Task::Usual);
pub(crate) const PLANNED: Subject = ours("decompose", Role::Builtin, Task::Goal);
/// `generate`, with all that it starts with in a deployment.
pub(crate) const WITH_TABLE: Subject = ours("generate", Role::Worker, Task::Usual);
pub(crate) const MCP: Subject = ours("mcp", Role::Assistants, Task::Usual);

/// Rows of "A small request".
pub(crate) const USUAL: [Subject; 20] = [
    EMPTY,
    FORWARDER,
    PEER,
    ours("decompose", Role::Remote, Task::Usual),
    REMOTE,
    ours("patch", Role::Remote, Task::Usual),
    ours("catalog", Role::Remote, Task::Usual),
    PLANNED,
    ours("generate", Role::Builtin, Task::Usual),
    ours("patch", Role::Builtin, Task::Usual),
    ours("catalog", Role::Builtin, Task::Usual),
    WITH_TABLE,
    ours("patch", Role::Worker, Task::Usual),
    MCP,
    ours("operations", Role::Operations, Task::Usual),
    ours("stream", Role::Stream, Task::Usual),
    ours("library", Role::Library, Task::Usual),
    ours("deliver", Role::Deliver, Task::Usual),
    ours("authorizer", Role::Authorizer, Task::Usual),
    ours("page", Role::Page, Task::Usual),
];

/// Rows of the second table: megabytes, or ten jobs.
pub(crate) const LARGE: [Subject; 8] = [
    other(Program::Forwarder, Task::LargeRequest),
    ours("generate", Role::Remote, Task::LargeRequest),
    other(Program::Peer, Task::LargeRequest),
    other(Program::Forwarder, Task::LargeReply),
    ours("generate", Role::Remote, Task::LargeReply),
    other(Program::Peer, Task::LargeReply),
    ours("generate", Role::Worker, Task::Batch),
    ours("patch", Role::Worker, Task::Batch),
];

const fn other(program: Program, task: Task) -> Subject {
    Subject { program, binary: "generate", role: Role::Remote, task }
}

pub(crate) const fn ours(binary: &'static str, role: Role, task: Task) -> Subject {
    Subject { program: Program::Ours, binary, role, task }
}

impl Places {
    pub(crate) fn from_environment() -> Self {
        let folder = |name| binaries::workspace().join(env::var_os(name).unwrap_or_default());
        let python = env::var_os("PEER_PYTHON").unwrap_or_else(|| "python3".into());
        Self { floors: folder("FLOORS"), peer: folder("PEER"), python, variables: template_variables() }
    }

    pub(crate) fn variables(&self) -> Vec<(&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// File of a program, folder of the peer.
    pub(crate) fn of(&self, program: Program, binary: &str) -> PathBuf {
        // cargo builds a file, cargo-lambda a folder.
        let floor = |name| match self.floors.join(name) {
            folder if folder.is_dir() => folder.join("bootstrap"),
            file => file,
        };
        match program {
            Program::Empty => floor("bench-empty"),
            Program::Forwarder => floor("bench-forwarder"),
            Program::Ours => binaries::function(binary),
            Program::Peer => self.peer.clone(),
        }
    }
}

impl Subject {
    pub(crate) fn name(&self) -> String {
        match self.program {
            Program::Empty => "empty `lambda_http` function".to_owned(),
            Program::Forwarder => "bare forwarder".to_owned(),
            Program::Ours => format!("`{}`, {}", self.binary, self.role.name()),
            Program::Peer => "Python peer".to_owned(),
        }
    }

    /// Starts the program with everything it speaks to. Its only kind of request is its task. `under`: the command that runs
    /// it, such as valgrind.
    pub(crate) async fn start(&self, places: &Places, under: &[String]) -> Stage {
        self.start_with(places, under, &[]).await
    }

    /// Like `start`, with more variables.
    pub(crate) async fn start_with(&self, places: &Places, under: &[String], more: &[(String, String)]) -> Stage {
        let file = places.of(self.program, self.binary);
        let words = match self.program {
            Program::Peer => {
                [places.python.clone(), "-m".into(), "awslambdaric".into(), "generate.handler".into()].into()
            }
            _ => vec![file.clone().into_os_string()],
        };
        let words: Vec<OsString> = under.iter().map(Into::into).chain(words).collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        let mut variables = more.to_vec();
        if self.program == Program::Peer {
            command.current_dir(&file);
            variables.push(("PYTHONPATH".to_owned(), file.display().to_string()));
        } else {
            variables.extend_from_slice(&places.variables);
        }
        let mut stage = Stage::around(command, self.binary, self.role, &variables).await;
        stage.cases.truncate(1);
        self.task.set(&mut stage.cases[0], self.binary);
        if self.program != Program::Ours {
            // Any answer with status 200 is right.
            stage.cases[0].expected = Expected::OneOf(Vec::new());
        }
        stage
    }
}

impl Task {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Usual => "a small request",
            Self::Goal => "three clauses",
            Self::LargeRequest => "a request of 1 MB",
            Self::LargeReply => "an agent of 4 MB",
            Self::Batch => "ten jobs",
        }
    }

    /// Turns the usual request of `binary` into this task.
    pub(crate) fn set(self, kind: &mut Case, binary: &str) {
        let post = |body: Value| events::rest("POST", &format!("/{binary}"), &body.to_string()).to_string().into();
        match self {
            Self::Usual => {}
            Self::Goal => kind.event = post(json!({"description": GOAL})),
            Self::LargeRequest => kind.event = post(instructions(MOST_STEPS, LARGE_STEP)),
            Self::LargeReply => kind.behaviour = says_agent(LARGE_NODES),
            Self::Batch => {
                let id = if binary == "patch" { PATCH_JOB } else { GENERATE_JOB };
                let job = || events::sqs(&json!({"operation_id": id}).to_string())["Records"][0].clone();
                let records: Vec<Value> = iter::repeat_with(job).take(BATCH).collect();
                kind.event = json!({"Records": records}).to_string().into();
            }
        }
    }
}

/// A request with `steps` steps of about `bytes` bytes each.
pub(crate) fn instructions(steps: usize, bytes: usize) -> Value {
    let step = |number: usize| {
        let opening = format!("Step {number:05}: read what the step before has left, ");
        let rest = "and go on ".repeat(bytes.saturating_sub(opening.len()) / 10);
        format!("{opening}{rest}")
    };
    json!({"instructions": {"type": "instructions", "steps": (1..=steps).map(step).collect::<Vec<_>>()}})
}

/// An agent of `nodes` nodes: one input, and outputs linked to it.
pub(crate) fn agent(nodes: usize) -> Value {
    let mut agent = behaviour::agent();
    let (output, link) = (agent["nodes"][1].clone(), agent["links"][0].clone());
    let (mut all, mut links) = (vec![agent["nodes"][0].clone()], Vec::new());
    for number in 1..nodes {
        let (mut output, mut link) = (output.clone(), link.clone());
        let id = format!("out{number}");
        (output["id"], link["sink_id"]) = (json!(id), json!(id));
        output["input_default"]["name"] = json!(format!("text {number}"));
        link["id"] = json!(format!("link{number}"));
        all.push(output);
        links.push(link);
    }
    (agent["nodes"], agent["links"]) = (all.into(), links.into());
    agent
}

/// A generator that answers with an agent of `nodes` nodes.
pub(crate) fn says_agent(nodes: usize) -> Arc<Behaviour> {
    Arc::new(Behaviour::says(json!({"success": true, "agent_json": agent(nodes)})))
}
