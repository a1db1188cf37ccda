//! Tells a watcher of the log which nodes an agent has got.

use std::collections::HashSet;

use shared::{
    account::{Op, What},
    port::{Background, Draft},
    progress::Progress as _,
};

use super::graph::Graph;
use crate::catalogue::Blocks;

/// Of a patched agent: the nodes that are new. Without an operation nobody watches, and nothing is read.
pub(crate) fn tell_nodes(operation: Option<Background<'_>>, blocks: &dyn Blocks, draft: Option<&Draft>) {
    let (Some(_), Some(Draft::Agent(agent, account))) = (operation, draft) else { return };
    let added = account.edit.as_ref().map(|edit| {
        let nodes = edit.changes.iter().filter(|change| change.op == Op::Added && change.what == What::Node);
        nodes.filter_map(|change| change.id.as_deref()).collect::<HashSet<_>>()
    });
    for node in Graph::of_agent(blocks, agent).nodes {
        if added.as_ref().is_none_or(|added| added.contains(&*node.id)) {
            let block = node.block.map_or(&*node.unknown, |block| &block.name);
            operation.block_added(&node.id, block, &node.label());
        }
    }
}
