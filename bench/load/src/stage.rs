//! One binary with everything around it that it speaks to.

use std::fs;

use kit::{answer::Answer, behaviour::Behaviour, binaries, changing_server::ChangingServer, private_tls::PrivateTls};
use tokio::process::Command;

use crate::{
    issuer::{AUDIENCE, Issuer},
    lambda::Function,
    mixture::{self, Kind},
    platform::PlayedAws,
};

/// What a binary is run as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Asks the generator that is built in.
    Builtin,
    /// Asks a remote one.
    Remote,
    /// Has a table and queues, and asks a remote generator for its jobs.
    Worker,
    /// Has a table and queues, and asks no generator.
    Operations,
    /// Calls receivers over TLS.
    Deliver,
    /// Asks an issuer over TLS for its keys.
    Authorizer,
}

/// Every binary in every role: what a long run goes through.
pub const ALL: [(&str, Role); 13] = [
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
    ("deliver", Role::Deliver),
    ("authorizer", Role::Authorizer),
];

impl Role {
    /// As a table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Builtin => "built-in generator",
            Self::Remote => "remote generator",
            Self::Worker => "worker, remote generator",
            Self::Operations => "table, queues",
            Self::Deliver => "table, receiver over TLS",
            Self::Authorizer => "issuer over TLS",
        }
    }
}

/// A running binary, and its surroundings.
#[derive(Debug)]
pub struct Stage {
    /// The binary.
    pub function: Function,
    /// What is sent to it.
    pub kinds: Vec<Kind>,
    /// The table and the queues, where it has them.
    pub aws: Option<PlayedAws>,
    other: ChangingServer,
    _tls: Option<PrivateTls>,
}

impl Stage {
    /// Starts a binary in a role, with all that it needs, and the variables that it is deployed with.
    pub async fn set(name: &str, role: Role) -> Self {
        Self::around(Command::new(binaries::function(name)), name, role, &of_template()).await
    }

    /// The same around whatever `command` runs in the place of the binary `name`, with these variables as well.
    pub async fn around(command: Command, name: &str, role: Role, own: &[(String, String)]) -> Self {
        let other = ChangingServer::start(Behaviour::good()).await;
        let has_tls = matches!(role, Role::Deliver | Role::Authorizer);
        let tls = if has_tls { Some(PrivateTls::in_front_of(other.port()).await) } else { None };
        let has_table = matches!(role, Role::Worker | Role::Operations | Role::Deliver);
        let behind_tls = tls.as_ref().map_or("https://receiver.example".to_owned(), PrivateTls::url);
        let aws = if has_table { Some(PlayedAws::start(format!("{behind_tls}/hook")).await) } else { None };
        let issuer = Issuer::new(behind_tls.clone());
        let kinds = match role {
            Role::Builtin | Role::Remote => mixture::of_asking(name, role == Role::Remote),
            Role::Worker => mixture::of_worker(name),
            Role::Operations => mixture::of_operations(),
            Role::Deliver => mixture::of_deliver(),
            Role::Authorizer => mixture::of_authorizer(&issuer),
        };
        // What is asked for at the start.
        other.behave(&kinds[0].behaviour);
        let mut variables = aws.as_ref().map(PlayedAws::variables).unwrap_or_default();
        let generator = if role == Role::Builtin { "builtin".to_owned() } else { other.url() };
        let trusted_host = tls.as_ref().map(|tls| tls.url().replace("https://", "")).unwrap_or_default();
        let certificates = tls.as_ref().map(|tls| tls.certificate_file().to_owned()).unwrap_or_default();
        let more = [
            ("AGENT_GENERATOR_URL", generator),
            ("SSL_CERT_FILE", certificates),
            ("CALLBACK_TRUSTED_HOSTS", trusted_host),
            ("JWT_ISSUER", issuer.url().to_owned()),
            ("JWT_AUDIENCE", AUDIENCE.to_owned()),
        ];
        // An empty variable is none.
        variables.extend(more.map(|(name, value)| (name.to_owned(), value)));
        variables.extend_from_slice(own);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let function = Function::run(command, &variables).await;
        Self { function, kinds, aws, other, _tls: tls }
    }

    /// Sends one of its kinds, and gives back the answer.
    pub async fn ask(&mut self, kind: usize) -> Answer {
        let kind = &self.kinds[kind];
        self.other.behave(&kind.behaviour);
        self.function.invoke(&kind.event, kind.limit).await
    }

    /// Sends one of its kinds. What was wrong with the answer comes back.
    pub async fn send(&mut self, kind: usize) -> Result<(), String> {
        let answer = self.ask(kind).await;
        let kind = &self.kinds[kind];
        if answer.elapsed > kind.limit {
            return Err(format!("{}: {:?}, past its deadline", kind.name, answer.elapsed));
        }
        kind.expected.hold(&answer).map_err(|wrong| format!("{}: {wrong}", kind.name))
    }
}

/// The variables that template.yaml gives to every function as they stand there: the others are parameters.
///
/// # Panics
/// Where there is no template, or none in which they stand.
pub fn of_template() -> Vec<(String, String)> {
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
