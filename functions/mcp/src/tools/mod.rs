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
mod table;
mod tool;

use std::time::Duration;

use shared::{json::first_chars, port::AgentGenerator, refusal::Refusal, request_log::RequestLog};
use tokio::time::timeout_at;

use self::{
    arguments::Arguments,
    failure::failed,
    outcome::{Outcome, answered},
    tool::Tool,
};
pub(crate) use self::{outcome::told, room::Room, table::list, tool::Call};
use crate::{
    Mcp,
    answer::Answered,
    asked::{Asked, Received},
    fault::{Code, Fault},
    message::required,
    questions::Given,
    stop::Stop,
};

/// What is kept back of a request's time, so that a tool that is too slow is an error that the model reads.
const MARGIN: Duration = Duration::from_millis(200);
/// After the end of its work, for a result that would be lost: an agent that was made and could not be saved in time.
const GRACE: Duration = Duration::from_millis(100);

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(crate) async fn call(&self, received: Received<'_>, log: &mut RequestLog) -> Result<Answered, Stop> {
        let Received { params, client, asked } = received;
        let name = required(params, "name")?;
        let tool = Tool::named(&name).ok_or_else(|| {
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
        let outcome =
            timeout_at(request.end + GRACE, work).await.unwrap_or_else(|_| Err(Refusal::out_of_time(tool.action())));
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
