//! How large the groups are.

use super::costs::Ground;

/// The sizes of the groups: as even as they can be while the locked stay.
///
/// Whoever is locked counts first; the others raise the smallest groups, one by one. All groups
/// that grow so end at `level` or one more. A group above that has its locked people and nobody
/// else. Where some groups have one more than others, all of them get that room and the rest of
/// it is vacancies, so that an exchange with a vacancy decides who has one more.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// Places in each group, vacancies included.
    pub room: Vec<usize>,
    /// People who are locked in each group.
    pub locked: Vec<usize>,
    /// The group of everybody who is locked, by number.
    pub lock_of: Vec<Option<usize>>,
    /// The size of the smallest groups.
    pub level: usize,
    /// Whether any group has one more than the smallest.
    pub has_larger: bool,
    /// Places that stay empty.
    pub vacancies: usize,
}

impl Shape {
    pub(super) fn new(ground: &Ground) -> Self {
        let groups = ground.task.groups.max(1);
        let lock_of: Vec<Option<usize>> = ground
            .members
            .iter()
            .map(|member| {
                let lock = ground.task.locks.get(&member.person).copied();
                lock.filter(|&group| group < groups)
            })
            .collect();
        let mut locked = vec![0; groups];
        for group in lock_of.iter().flatten() {
            if let Some(count) = locked.get_mut(*group) {
                *count += 1;
            }
        }
        let places = |level: usize| locked.iter().map(|&count| level.max(count)).sum::<usize>();
        let mut level = 0;
        while places(level + 1) <= ground.len() {
            level += 1;
        }
        let has_larger = places(level) < ground.len();
        let most = level + usize::from(has_larger);
        let room: Vec<usize> = locked.iter().map(|&count| most.max(count)).collect();
        Self {
            vacancies: room.iter().sum::<usize>() - ground.len(),
            room,
            locked,
            lock_of,
            level,
            has_larger,
        }
    }

    pub(super) fn groups(&self) -> usize {
        self.room.len()
    }

    /// The largest size that is no exception.
    pub(super) fn most(&self) -> usize {
        self.level + usize::from(self.has_larger)
    }
}
