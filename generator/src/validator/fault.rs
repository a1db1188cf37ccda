//! A fault of an agent: what is wrong, and where.

/// A place in the JSON of an agent; nodes and links are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Agent,
    /// `nodes` or `links` as a whole.
    List(&'static str),
    Node(usize),
    /// An input of a node, whether it is set or not.
    Input {
        node: usize,
        name: String,
    },
    Link(usize),
    /// `source_name`, for example.
    LinkKey {
        link: usize,
        key: &'static str,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    /// A sentence that may quote the agent.
    pub text: String,
}

impl Fault {
    pub(super) fn agent(text: impl Into<String>) -> Self {
        Self { place: Place::Agent, text: text.into() }
    }

    pub(super) fn list(key: &'static str, text: String) -> Self {
        Self { place: Place::List(key), text }
    }

    pub(super) fn node(node: usize, text: String) -> Self {
        Self { place: Place::Node(node), text }
    }

    pub(super) fn input(node: usize, name: &str, text: String) -> Self {
        Self { place: Place::Input { node, name: name.to_owned() }, text }
    }

    pub(super) fn link(link: usize, text: String) -> Self {
        Self { place: Place::Link(link), text }
    }

    pub(super) fn link_key(link: usize, key: &'static str, text: String) -> Self {
        Self { place: Place::LinkKey { link, key }, text }
    }
}
