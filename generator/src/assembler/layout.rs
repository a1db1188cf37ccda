//! Positions of nodes on the canvas: left to right along the data flow, without overlap.

/// Width of a column.
const STEP_X: i64 = 800;
/// Height of a row; nodes are at most about 500 high.
const STEP_Y: i64 = 600;

/// `edges` run from earlier nodes to later ones, sorted by their ends.
pub fn positions(count: usize, edges: impl Iterator<Item = (usize, usize)>) -> Vec<(i64, i64)> {
    let mut columns = vec![0_i64; count];
    // So the column of each start is known.
    for (from, to) in edges {
        let next = columns.get(from).map_or(0, |column| column + 1);
        if let Some(column) = columns.get_mut(to) {
            *column = (*column).max(next);
        }
    }
    let mut rows = std::collections::HashMap::new();
    let place = |column: i64| {
        let row = rows.entry(column).and_modify(|row| *row += 1).or_insert(0_i64);
        (column * STEP_X, *row * STEP_Y)
    };
    columns.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::positions;

    #[test]
    fn nodes_are_placed_left_to_right_without_overlap() {
        let places = positions(4, [(0, 2), (1, 2), (2, 3)].into_iter());
        assert_eq!(places, [(0, 0), (0, 600), (800, 0), (1600, 0)]);
        assert!(positions(0, std::iter::empty()).is_empty());
    }
}
