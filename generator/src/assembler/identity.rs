//! Deterministic UUIDs: the same agent gets the same ids, so that answers can be compared and cached.

use uuid::Builder;

/// A sequence of UUIDs of version 4.
#[derive(Debug, Clone)]
pub struct Identities {
    seed: u64,
    count: u64,
}

impl Identities {
    /// `text` is the seed.
    pub fn of(text: &str) -> Self {
        // FNV-1a: ids must be stable and distinct, not secret.
        let seed = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self { seed, count: 0 }
    }

    pub fn next_id(&mut self) -> String {
        let (high, low) = (self.draw(), self.draw());
        let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// SplitMix64.
    fn draw(&mut self) -> u64 {
        self.count += 1;
        let mut z = self.seed.wrapping_add(self.count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Identities;

    #[test]
    fn the_same_goal_gives_the_same_ids_and_no_id_twice() {
        let row = |text: &str| {
            let mut identities = Identities::of(text);
            (0..1000).map(|_| identities.next_id()).collect::<Vec<_>>()
        };
        assert_eq!(row("a"), row("a"));
        let all: HashSet<String> = row("a").into_iter().chain(row("b")).collect();
        assert_eq!(all.len(), 2000);
        assert!(all.iter().all(|id| uuid::Uuid::parse_str(id).is_ok_and(|id| id.get_version_num() == 4)));
    }
}
