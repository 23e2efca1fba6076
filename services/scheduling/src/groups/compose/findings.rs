//! What is not as it should be in a division, who it is about, and why it is so.

use super::{
    costs::Ground,
    score::{pairs, stated},
    shape::Shape,
};
use shared_types::{DepartmentId, Gender, OrganisationId, PersonId};
use std::collections::BTreeMap;

/// Something about one group. Groups count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Two people of one line of management.
    Line {
        /// The group.
        group: usize,
        /// Who is led, directly or through others.
        junior: PersonId,
        /// Who leads.
        senior: PersonId,
        /// Why it is so.
        cause: Cause,
    },
    /// Two people whom the coordinator keeps apart.
    Apart {
        /// The group.
        group: usize,
        /// The two.
        people: [PersonId; 2],
        /// Why it is so.
        cause: Cause,
    },
    /// A size that is not as even as it can be, or that the locks make so.
    Size {
        /// The group.
        group: usize,
        /// Its people.
        size: usize,
        /// The size that groups have otherwise: from, to.
        usual: [usize; 2],
    },
    /// Two people who were in one group before.
    MetBefore {
        /// The group.
        group: usize,
        /// The two.
        people: [PersonId; 2],
        /// How many times.
        times: u32,
    },
    /// More people of one municipality than the even spread gives a group.
    Municipality {
        /// The group.
        group: usize,
        /// The municipality.
        municipality: OrganisationId,
        /// The people.
        people: Vec<PersonId>,
        /// The most that an even spread gives.
        usual: usize,
    },
    /// More people of one department than the even spread gives a group.
    Department {
        /// The group.
        group: usize,
        /// The department.
        department: DepartmentId,
        /// The people.
        people: Vec<PersonId>,
        /// The most that an even spread gives.
        usual: usize,
    },
    /// More or fewer women or men than the even spread gives a group.
    Genders {
        /// The group.
        group: usize,
        /// Women.
        women: usize,
        /// Men.
        men: usize,
    },
}

/// Why a hard rule does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Both are locked in this group.
    BothLocked,
    /// These people are all to be kept apart from each other, and are more than there are groups.
    Crowd(Vec<PersonId>),
    /// One of the two is to be kept apart from so many that too few are left to fill a group.
    Surrounded {
        /// The person.
        person: PersonId,
        /// People whom this person can be in one group with.
        others: usize,
        /// The others that the smallest group has.
        needed: usize,
    },
    /// It is proven that every division breaks the rules as often, here or elsewhere.
    Unavoidable,
    /// It may be possible to avoid it: by hand, or with another seed.
    NotProven,
}

/// Everything that is not as it should be.
pub(super) fn find(
    ground: &Ground,
    shape: &Shape,
    groups: &[Vec<usize>],
    optimal: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let counts = Counts::of(ground);
    for (group, people) in groups.iter().enumerate() {
        let found = Found {
            ground,
            shape,
            group,
            people,
        };
        findings.extend(found.broken(optimal));
        findings.extend(found.size());
        findings.extend(found.meetings());
        findings.extend(found.municipalities(&counts));
        findings.extend(found.departments(&counts));
        findings.extend(found.genders(&counts));
    }
    findings
}

/// How many there are of each kind in the whole task.
struct Counts {
    municipalities: BTreeMap<OrganisationId, usize>,
    departments: BTreeMap<DepartmentId, usize>,
    women: usize,
    men: usize,
}

impl Counts {
    fn of(ground: &Ground) -> Self {
        let mut counts = Self {
            municipalities: BTreeMap::new(),
            departments: BTreeMap::new(),
            women: 0,
            men: 0,
        };
        for member in &ground.members {
            if let Some(municipality) = member.municipality {
                *counts.municipalities.entry(municipality).or_default() += 1;
            }
            if let Some(department) = member.department {
                *counts.departments.entry(department).or_default() += 1;
            }
            match stated(member.gender) {
                Some(Gender::Woman) => counts.women += 1,
                Some(_) => counts.men += 1,
                None => (),
            }
        }
        counts
    }
}

/// One group that is looked at.
struct Found<'a> {
    ground: &'a Ground<'a>,
    shape: &'a Shape,
    group: usize,
    people: &'a [usize],
}

impl Found<'_> {
    fn person(&self, number: usize) -> Option<PersonId> {
        self.ground.members.get(number).map(|one| one.person)
    }

    fn broken(&self, optimal: bool) -> Vec<Finding> {
        let hard =
            pairs(self.people).filter(|&(one, other)| self.ground.facts(one, other).is_hard());
        hard.filter_map(|(one, other)| {
            let facts = self.ground.facts(one, other);
            let people = [self.person(one)?, self.person(other)?];
            let cause = self.cause(one, other, optimal);
            Some(if facts.line {
                let (junior, senior) = self.in_order_of_line(people);
                Finding::Line {
                    group: self.group,
                    junior,
                    senior,
                    cause,
                }
            } else {
                Finding::Apart {
                    group: self.group,
                    people,
                    cause,
                }
            })
        })
        .collect()
    }

    fn in_order_of_line(&self, [one, other]: [PersonId; 2]) -> (PersonId, PersonId) {
        if self.ground.superiors(one).contains(&other) {
            (one, other)
        } else {
            (other, one)
        }
    }

    fn cause(&self, one: usize, other: usize, optimal: bool) -> Cause {
        let is_locked =
            |person: usize| self.shape.lock_of.get(person).copied().flatten() == Some(self.group);
        if is_locked(one) && is_locked(other) {
            return Cause::BothLocked;
        }
        let crowd = self.crowd(one, other);
        if crowd.len() > self.shape.groups() {
            return Cause::Crowd(
                crowd
                    .into_iter()
                    .filter_map(|one| self.person(one))
                    .collect(),
            );
        }
        let needed = self.shape.level.saturating_sub(1);
        for person in [one, other] {
            let others = self.compatible(person);
            if let Some(person) = self.person(person).filter(|_| others < needed) {
                return Cause::Surrounded {
                    person,
                    others,
                    needed,
                };
            }
        }
        if optimal {
            Cause::Unavoidable
        } else {
            Cause::NotProven
        }
    }

    /// People who can be in one group with somebody.
    fn compatible(&self, person: usize) -> usize {
        (0..self.ground.len())
            .filter(|&other| other != person && !self.ground.facts(person, other).is_hard())
            .count()
    }

    /// A set of people, these two among them, of whom no two can be in one group: as large as it
    /// gets by always adding whoever is kept apart from most.
    fn crowd(&self, one: usize, other: usize) -> Vec<usize> {
        let is_hard = |a: usize, b: usize| self.ground.facts(a, b).is_hard();
        let mut crowd = vec![one, other];
        let mut candidates: Vec<usize> = (0..self.ground.len())
            .filter(|&person| is_hard(one, person) && is_hard(other, person))
            .collect();
        while let Some(&next) = candidates.iter().max_by_key(|&&person| {
            let others = candidates.iter();
            (
                others.filter(|&&other| is_hard(person, other)).count(),
                std::cmp::Reverse(person),
            )
        }) {
            crowd.push(next);
            candidates.retain(|&person| is_hard(next, person));
        }
        crowd.sort_unstable();
        crowd
    }

    fn size(&self) -> Option<Finding> {
        let size = self.people.len();
        let usual = [self.shape.level, self.shape.most()];
        let is_usual = (usual[0]..=usual[1]).contains(&size);
        (!is_usual).then_some(Finding::Size {
            group: self.group,
            size,
            usual,
        })
    }

    fn meetings(&self) -> Vec<Finding> {
        pairs(self.people)
            .filter_map(|(one, other)| {
                let times = self.ground.facts(one, other).met;
                let people = [self.person(one)?, self.person(other)?];
                (times > 0).then_some(Finding::MetBefore {
                    group: self.group,
                    people,
                    times,
                })
            })
            .collect()
    }

    fn municipalities(&self, counts: &Counts) -> Vec<Finding> {
        let crowded = self.crowded(&counts.municipalities, |person| {
            self.ground.members.get(person)?.municipality
        });
        let finding = |(municipality, people, usual)| Finding::Municipality {
            group: self.group,
            municipality,
            people,
            usual,
        };
        crowded.into_iter().map(finding).collect()
    }

    fn departments(&self, counts: &Counts) -> Vec<Finding> {
        let crowded = self.crowded(&counts.departments, |person| {
            self.ground.members.get(person)?.department
        });
        let finding = |(department, people, usual)| Finding::Department {
            group: self.group,
            department,
            people,
            usual,
        };
        crowded.into_iter().map(finding).collect()
    }

    /// Kinds of which the group has more than an even spread gives it.
    fn crowded<K: Copy + Ord>(
        &self,
        counts: &BTreeMap<K, usize>,
        kind: impl Fn(usize) -> Option<K>,
    ) -> Vec<(K, Vec<PersonId>, usize)> {
        let mut here: BTreeMap<K, Vec<PersonId>> = BTreeMap::new();
        for &person in self.people {
            if let (Some(kind), Some(id)) = (kind(person), self.person(person)) {
                here.entry(kind).or_default().push(id);
            }
        }
        here.into_iter()
            .filter_map(|(kind, people)| {
                let usual = counts.get(&kind)?.div_ceil(self.shape.groups());
                (people.len() > usual).then_some((kind, people, usual))
            })
            .collect()
    }

    fn genders(&self, counts: &Counts) -> Option<Finding> {
        let count = |gender: Gender| {
            let members = self
                .people
                .iter()
                .filter_map(|&one| self.ground.members.get(one));
            members.filter(|member| member.gender == gender).count()
        };
        let (women, men) = (count(Gender::Woman), count(Gender::Man));
        let groups = self.shape.groups();
        let is_even =
            |here: usize, all: usize| (all / groups..=all.div_ceil(groups)).contains(&here);
        let even = is_even(women, counts.women) && is_even(men, counts.men);
        (!even).then_some(Finding::Genders {
            group: self.group,
            women,
            men,
        })
    }
}
