//! Which tools there are.

use shared::action::Action;

use crate::{asked::Asked, client::Client, questions::Given};

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

pub(super) const TOOLS: [(&str, Tool); 15] = [
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

    pub(super) fn named(name: &str) -> Option<Self> {
        TOOLS.iter().find(|(known, _)| *known == name).map(|(_, tool)| *tool)
    }

    /// Whose words a failure is told in.
    pub(super) fn action(self) -> Action {
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

/// A call of a tool.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) tool: Tool,
    pub(crate) client: &'a Client,
    pub(crate) asked: Asked<'a>,
    /// What the person has answered to questions of the call before.
    pub(crate) given: Option<&'a Given>,
}
