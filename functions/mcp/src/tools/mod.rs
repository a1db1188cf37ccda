//! The tools: which there are, and how a call of one is answered. What a tool takes and gives is in `data/tools.json`.

mod arguments;
mod blocks;
mod building;
mod failure;
mod kept;
mod making;
mod operations;
mod outcome;
mod reading;
mod room;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::{
    action::Action,
    json::{Object, first_chars},
    port::AgentGenerator,
    refusal::Refusal,
    request_log::RequestLog,
};
use tokio::time::timeout_at;

use self::{arguments::Arguments, failure::failed, outcome::answered};
pub(crate) use self::{
    outcome::{Outcome, told},
    room::Room,
};
use crate::{
    Asked, Mcp,
    answer::Answered,
    client::Client,
    fault::{Code, Fault},
    methods::{Stop, embedded, required},
    questions::Given,
};

const TABLE: &str = include_str!("../../data/tools.json");
/// What is kept back of a request's time, so that a tool that is too slow is an error that the model reads.
const MARGIN: Duration = Duration::from_millis(200);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    PlanAgent,
    GenerateAgent,
    ChangeAgent,
    FindBlocks,
    DescribeBlocks,
    BuildAgent,
    CheckAgent,
    PatchAgent,
    ListAgents,
    GetAgent,
    SaveAgent,
    AgentHistory,
    RestoreAgent,
    OperationStatus,
    CancelOperation,
}

const TOOLS: [(&str, Tool); 15] = [
    ("plan_agent", Tool::PlanAgent),
    ("generate_agent", Tool::GenerateAgent),
    ("change_agent", Tool::ChangeAgent),
    ("find_blocks", Tool::FindBlocks),
    ("describe_blocks", Tool::DescribeBlocks),
    ("build_agent", Tool::BuildAgent),
    ("check_agent", Tool::CheckAgent),
    ("patch_agent", Tool::PatchAgent),
    ("list_agents", Tool::ListAgents),
    ("get_agent", Tool::GetAgent),
    ("save_agent", Tool::SaveAgent),
    ("agent_history", Tool::AgentHistory),
    ("restore_agent", Tool::RestoreAgent),
    ("operation_status", Tool::OperationStatus),
    ("cancel_operation", Tool::CancelOperation),
];

impl Tool {
    pub(crate) fn name(self) -> &'static str {
        TOOLS.iter().find(|(_, tool)| *tool == self).map_or("", |(name, _)| name)
    }

    /// Whose words a failure is told in.
    fn action(self) -> Action {
        match self {
            Self::PlanAgent => Action::Decompose,
            Self::GenerateAgent | Self::BuildAgent => Action::Generate,
            Self::ChangeAgent | Self::PatchAgent => Action::Patch,
            Self::FindBlocks | Self::DescribeBlocks | Self::CheckAgent => Action::Catalog,
            Self::ListAgents | Self::GetAgent | Self::SaveAgent | Self::AgentHistory | Self::RestoreAgent => {
                Action::Library
            }
            Self::OperationStatus | Self::CancelOperation => Action::Operations,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct List {
    tools: &'static RawValue,
}

pub(crate) fn list() -> Result<List, Refusal> {
    Ok(List { tools: embedded(TABLE)? })
}

/// A call of a tool.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) tool: Tool,
    pub(crate) client: &'a Client,
    pub(crate) asked: Asked<'a>,
    /// What the person has answered to questions of the call before.
    pub(crate) given: Option<&'a Given>,
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(crate) async fn call(
        &self,
        params: &Object<'_>,
        client: &Client,
        asked: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<Answered, Stop> {
        let name = required(params, "name")?;
        let tool = TOOLS.iter().find(|(known, _)| *known == name).map(|(_, tool)| *tool).ok_or_else(|| {
            let name: String = first_chars(&name, 60).chars().filter(|c| !c.is_control()).collect();
            Fault::new(Code::InvalidParams, format!("There is no tool {name}. See tools/list."))
        })?;
        log.tool = Some(tool.name());
        let given = Given::parse(params)?;
        let Asked { mut request, http } = asked;
        request.end -= MARGIN.min(request.end.saturating_duration_since(tokio::time::Instant::now()));
        let call = Call { tool, client, asked: Asked { request, http }, given: given.as_ref() };
        let work = async {
            let arguments = Arguments::checked(tool, params)?;
            self.run(call, &arguments, log).await
        };
        let outcome = timeout_at(request.end, work).await.unwrap_or_else(|_| Err(Refusal::out_of_time(tool.action())));
        match outcome.and_then(answered) {
            Ok(answered) => Ok(answered),
            Err(refusal) => Ok(failed(&refusal, tool, log, request.request_id)?),
        }
    }

    async fn run(&self, call: Call<'_>, arguments: &Arguments<'_>, log: &mut RequestLog) -> Result<Outcome, Refusal> {
        match call.tool {
            Tool::PlanAgent => self.plan(call, arguments, log).await,
            Tool::GenerateAgent => self.generate_agent(call, arguments, log).await,
            Tool::ChangeAgent => self.change_agent(call, arguments, log).await,
            Tool::FindBlocks => self.find_blocks(arguments),
            Tool::DescribeBlocks => self.describe_blocks(arguments),
            Tool::BuildAgent => self.build_agent(call, arguments, log).await,
            Tool::CheckAgent => self.check_agent(call, arguments).await,
            Tool::PatchAgent => self.patch_agent(call, arguments, log).await,
            Tool::ListAgents => self.list_agents(call, arguments, log).await,
            Tool::GetAgent => self.get_agent(call, arguments, log).await,
            Tool::SaveAgent => self.save_agent(call, arguments, log).await,
            Tool::AgentHistory => self.agent_history(call, arguments, log).await,
            Tool::RestoreAgent => self.restore_agent(call, arguments, log).await,
            Tool::OperationStatus => self.operation_status(call, arguments, log).await,
            Tool::CancelOperation => self.cancel_operation(call, arguments, log).await,
        }
    }
}

/// What the table says of a tool.
#[derive(Deserialize)]
struct Entry<'a> {
    name: &'a str,
    #[serde(rename = "inputSchema")]
    input: arguments::Schema,
}

impl Entry<'static> {
    fn of(tool: Tool) -> Option<Self> {
        let all: Vec<Self> = serde_json::from_str(TABLE).ok()?;
        all.into_iter().find(|entry| entry.name == tool.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_that_a_client_is_told_of_can_be_called_and_no_other() {
        let entries: Vec<Entry<'static>> = serde_json::from_str(TABLE).unwrap();
        let told: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
        assert_eq!(told, TOOLS.map(|(name, _)| name));
    }

    #[test]
    fn the_list_of_tools_leaves_a_models_context_to_the_work() {
        assert!(TABLE.len() < 25 * 1024, "{}", TABLE.len());
    }
}
