//! Which block does an act: by verb and action, by object, by service. A block that names another service is never
//! taken; one that needs things nobody has is taken last.

use super::know::{Class, Knowledge};
use crate::catalogue::{Action, Block};

/// What is wanted of a block.
#[derive(Debug, Clone)]
pub(super) struct Want<'w> {
    pub(super) lemma: &'w str,
    pub(super) class: Class,
    /// Names of what is worked on, the most telling first.
    pub(super) nouns: &'w [String],
    pub(super) service: Option<&'w str>,
    /// Several are wanted.
    pub(super) many: bool,
}

/// The blocks that fit, the best first.
pub(super) fn choose<'k>(known: &'k Knowledge, want: &Want<'_>) -> Vec<(&'k Block, f32)> {
    let mut found: Vec<(&Block, f32)> =
        known.catalogue.blocks().iter().filter_map(|block| Some((block, fit(known, block, want)?))).collect();
    found.sort_by(|(_, left), (_, right)| right.total_cmp(left));
    found
}

/// The best block, if it is good enough to stake an act on.
pub(super) fn best<'k>(known: &'k Knowledge, want: &Want<'_>) -> Option<&'k Block> {
    let enough = if want.service.is_some() { 4.0 } else { 4.5 };
    choose(known, want).into_iter().next().filter(|(_, score)| *score >= enough).map(|(block, _)| block)
}

fn fit(known: &Knowledge, block: &Block, want: &Want<'_>) -> Option<f32> {
    if block.is_agent_input() || block.is_agent_output() {
        return None;
    }
    let meaning = known.meaning(block);
    let service = match (want.service, meaning.service.as_deref()) {
        (Some(wanted), Some(own)) if same_service(wanted, own) => 3.0,
        (Some(_), _) => return None,
        (None, Some(_)) if known.of(block).is_some() => -0.5,
        (None, Some(_)) => -1.5,
        (None, None) => 0.5,
    };
    let said = meaning.verbs.iter().any(|verb| verb == want.lemma);
    let action = known.serves(block, want.class);
    if !said && !action {
        return None;
    }
    let verb = if said { 1.5 } else { 0.0 } + if action { 1.0 } else { 0.0 };
    let object = want.nouns.iter().enumerate().map(|(at, noun)| {
        let weaker = f32::from(u8::try_from(at.min(4)).unwrap_or(4)) * 0.3;
        object_fit(meaning, noun) - weaker
    });
    let object = object.fold(if want.nouns.is_empty() { 1.0 } else { 0.0 }, f32::max);
    if object <= 0.0 && want.service.is_none() {
        return None;
    }
    let missed = if object <= 0.0 && !want.nouns.iter().all(|noun| known.is_generic(noun)) { -2.0 } else { 0.0 };
    let number = match meaning.action {
        Action::List if want.class == Class::Fetch && want.many => 0.8,
        Action::Get | Action::Read if want.class == Class::Fetch && want.many => -0.6,
        _ => 0.0,
    };
    let usual = known.of(block).map_or(0.0, |knows| {
        let also = want.nouns.iter().skip(1).any(|noun| knows.nouns.contains(noun));
        if also { 1.3 } else { 0.8 }
    });
    let ids = block.required_inputs().filter(|name| name.ends_with("_id") || name.ends_with("Id") || name.ends_with("_ids")).count();
    let burden = 0.35 * f32::from(u8::try_from(ids.min(8)).unwrap_or(8));
    Some(service + verb + object + missed + number + usual - burden - 0.02 * f32::from(u8::try_from(block.name.len().min(60)).unwrap_or(60)))
}

/// Twitter is X.
pub(super) fn same_service(left: &str, right: &str) -> bool {
    let plain = |name: &str| if name.eq_ignore_ascii_case("x") { "twitter".to_owned() } else { name.to_ascii_lowercase() };
    plain(left) == plain(right)
}

fn object_fit(meaning: &crate::catalogue::Meaning, noun: &str) -> f32 {
    let place = meaning.objects.iter().position(|object| object == noun);
    if let Some(place) = place {
        let words = f32::from(u8::try_from(noun.split(' ').count().min(4)).unwrap_or(4));
        return 2.6 + 0.5 * words - 0.15 * f32::from(u8::try_from(place.min(8)).unwrap_or(8));
    }
    let head = |object: &String| object.rsplit(' ').next() == Some(noun) || noun.rsplit(' ').next() == Some(object.as_str());
    if meaning.objects.iter().any(head) { 1.6 } else { 0.0 }
}
