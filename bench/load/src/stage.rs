//! A binary together with all the servers that it calls.

use std::{fs, sync::Arc, time::Duration};

use kit::{answer::Answer, behaviour::Behaviour, binaries, changing_server::ChangingServer, private_tls::PrivateTls};
use tokio::process::Command;

use crate::{
    fake_aws::FakeAws,
    issuer::{AUDIENCE, Issuer},
    lambda::Function,
    workload::{self, Case},
};

/// How a binary is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// With the built-in generator.
    Builtin,
    /// With a remote generator.
    Remote,
    /// With a table, queues and a remote generator.
    Worker,
    /// With a table and queues.
    Operations,
    /// With a table and the log, to read alone.
    Stream,
    /// With the library's table and bucket, and the built-in generator's blocks.
    Library,
    /// With both tables, queues and the built-in generator.
    Assistants,
    /// With a table and a receiver over TLS.
    Deliver,
    /// With an issuer over TLS.
    Authorizer,
    /// With nothing but itself.
    Page,
}

/// Every binary in every role.
pub const ALL: [(&str, Role); 17] = [
    ("decompose", Role::Remote),
    ("decompose", Role::Builtin),
    ("generate", Role::Remote),
    ("generate", Role::Builtin),
    ("generate", Role::Worker),
    ("patch", Role::Remote),
    ("patch", Role::Builtin),
    ("patch", Role::Worker),
    ("catalog", Role::Remote),
    ("catalog", Role::Builtin),
    ("operations", Role::Operations),
    ("stream", Role::Stream),
    ("library", Role::Library),
    ("mcp", Role::Assistants),
    ("deliver", Role::Deliver),
    ("authorizer", Role::Authorizer),
    ("page", Role::Page),
];

impl Role {
    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Builtin => "built-in generator",
            Self::Remote => "remote generator",
            Self::Worker => "worker, remote generator",
            Self::Operations => "table, queues",
            Self::Stream => "table, log",
            Self::Library => "table, bucket",
            Self::Assistants => "both tables, queues, built-in generator",
            Self::Deliver => "table, receiver over TLS",
            Self::Authorizer => "issuer over TLS",
            Self::Page => "nothing",
        }
    }
}

/// A running binary and its servers.
#[derive(Debug)]
pub struct Stage {
    pub function: Function,
    pub cases: Vec<Case>,
    /// `None` if the role has no table.
    pub aws: Option<FakeAws>,
    /// The generator, the receiver or the issuer.
    peer: ChangingServer,
    _tls: Option<PrivateTls>,
}

impl Stage {
    /// Starts a binary in a role, with the variables of template.yaml.
    pub async fn set(name: &str, role: Role) -> Self {
        Self::around(Command::new(binaries::function(name)), name, role, &template_variables()).await
    }

    /// [`Stage::set`] for any command in place of the binary `name`, with variables of its own.
    pub async fn around(command: Command, name: &str, role: Role, own: &[(String, String)]) -> Self {
        let peer = ChangingServer::start(Behaviour::good()).await;
        let has_tls = matches!(role, Role::Deliver | Role::Authorizer);
        let tls = if has_tls { Some(PrivateTls::in_front_of(peer.port()).await) } else { None };
        let has_table = !matches!(role, Role::Builtin | Role::Remote | Role::Authorizer | Role::Page);
        let keeps_agents = matches!(role, Role::Library | Role::Assistants);
        let behind_tls = tls.as_ref().map_or("https://receiver.example".to_owned(), PrivateTls::url);
        let aws = if has_table { Some(FakeAws::start(format!("{behind_tls}/hook")).await) } else { None };
        let issuer = Issuer::new(behind_tls.clone());
        let cases = match role {
            Role::Builtin | Role::Remote => workload::of_generator(name, role == Role::Remote),
            Role::Worker => workload::of_worker(name),
            Role::Operations => workload::of_operations(),
            Role::Stream => workload::of_stream(),
            Role::Library => workload::of_library(),
            Role::Assistants => workload::of_assistants(),
            Role::Deliver => workload::of_deliver(),
            Role::Authorizer => workload::of_authorizer(&issuer),
            Role::Page => workload::of_page(),
        };
        // Some functions call it at the start.
        peer.behave(&cases[0].behaviour);
        let mut variables = aws.as_ref().map(FakeAws::variables).unwrap_or_default();
        let generator = if keeps_agents || role == Role::Builtin { "builtin".to_owned() } else { peer.url() };
        let trusted_host = tls.as_ref().map(|tls| tls.url().replace("https://", "")).unwrap_or_default();
        let certificates = tls.as_ref().map(|tls| tls.certificate_file().to_owned()).unwrap_or_default();
        let more = [
            ("AGENT_GENERATOR_URL", generator),
            ("SSL_CERT_FILE", certificates),
            ("CALLBACK_TRUSTED_HOSTS", trusted_host),
            ("JWT_ISSUER", issuer.url().to_owned()),
            ("JWT_AUDIENCE", AUDIENCE.to_owned()),
        ];
        let library = if keeps_agents { "library" } else { "" };
        variables.extend(["LIBRARY_TABLE", "LIBRARY_BUCKET"].map(|name| (name.to_owned(), library.to_owned())));
        // Empty variables count as unset.
        variables.extend(more.map(|(name, value)| (name.to_owned(), value)));
        variables.extend_from_slice(own);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let function = Function::run(command, &variables).await;
        Self { function, cases, aws, peer, _tls: tls }
    }

    pub async fn ask(&mut self, case: usize) -> Answer {
        let Case { event, behaviour, limit, .. } = &self.cases[case];
        self.peer.behave(behaviour);
        self.function.invoke(event, *limit).await
    }

    /// Sends an event that is not one of the cases.
    pub async fn ask_with(&mut self, event: &[u8], behaviour: &Arc<Behaviour>, limit: Duration) -> Answer {
        self.peer.behave(behaviour);
        self.function.invoke(event, limit).await
    }

    /// # Errors
    /// If the answer is wrong or late.
    pub async fn send(&mut self, case: usize) -> Result<(), String> {
        let answer = self.ask(case).await;
        let case = &self.cases[case];
        if self.function.is_late(&answer, case.limit) {
            return Err(format!("{}: after its deadline, in {:?}", case.name, answer.elapsed));
        }
        case.expected.check(&answer).map_err(|wrong| format!("{}: {wrong}", case.name))
    }
}

/// The variables with a literal value that template.yaml gives to every function.
///
/// # Panics
/// If template.yaml has none.
pub fn template_variables() -> Vec<(String, String)> {
    let text = fs::read_to_string(binaries::workspace().join("template.yaml")).expect("the workspace has a template");
    let template: yaml_serde::Value = yaml_serde::from_str(&text).expect("template.yaml is YAML");
    let variables = &template["Globals"]["Function"]["Environment"]["Variables"];
    let variables = variables.as_mapping().expect("template.yaml gives variables to every function");
    let literal = |(name, value): (&yaml_serde::Value, &yaml_serde::Value)| match value {
        yaml_serde::Value::String(text) => Some((name.as_str()?.to_owned(), text.clone())),
        _ => None,
    };
    variables.iter().filter_map(literal).collect()
}
