//! Adds frames up: the worst chain of calls below a function.
//!
//! Functions that call each other in a circle are one node: how often they go round is not known, and each is counted once. Calls that
//! never come back are left out: panics and aborts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use regex::Regex;

use crate::code::{self, Frame};
use crate::options::{Options, Size};
use crate::program::{Program, Target};
use crate::variables::{Known, Place};

/// What a function of a shared library is taken to need: the functions of C that Rust's std calls need less, but for name servers.
const OUTSIDE: u64 = 1024;

/// Who calls whom.
pub(crate) struct Graph<'a> {
    program: &'a Program,
    frames: Vec<Frame>,
    /// The circle that each function is in: functions in one circle have one number.
    circle: Vec<usize>,
    members: Vec<Vec<usize>>,
    /// Bytes of the worst chain that begins with a circle, and the call that leads on.
    worst: Vec<(u64, Option<Next>)>,
}

#[derive(Clone, Debug)]
enum Next {
    Function(usize),
    Outside(String),
}

/// What is known of a program.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) program: PathBuf,
    /// Poll functions, the largest frames first.
    pub(crate) polls: Vec<Poll>,
    /// Chains, the deepest first.
    pub(crate) chains: Vec<Chain>,
}

/// A poll function.
#[derive(Debug)]
pub(crate) struct Poll {
    pub(crate) name: String,
    pub(crate) place: Option<Place>,
    /// Bytes of its frame.
    pub(crate) frame: u64,
    /// Bytes of the worst chain that begins with it.
    pub(crate) worst: u64,
}

/// The worst chain of calls below a function.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) bytes: u64,
    pub(crate) links: Vec<Link>,
    /// Whether a function in it may call itself again: then it can be longer.
    pub(crate) is_recursive: bool,
    /// Where something below is called through a pointer, or a frame's size is only known when it runs.
    pub(crate) open: Vec<String>,
    /// Functions of shared libraries that are called below.
    pub(crate) outside: Vec<String>,
}

/// A function in a chain.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) frame: u64,
    pub(crate) place: Option<Place>,
    /// The largest variables of its frame: name, bytes, line.
    pub(crate) variables: Vec<(String, u64, u64)>,
}

impl Answer {
    /// Whether no chain is deeper than a limit.
    pub(crate) fn is_within(&self, limit: Option<Size>) -> bool {
        limit.is_none_or(|limit| self.chains.iter().all(|chain| chain.bytes <= limit.0))
    }
}

impl<'a> Graph<'a> {
    pub(crate) fn new(program: &'a Program) -> Result<Graph<'a>> {
        let frames: Vec<Frame> =
            program.functions.iter().map(|function| code::frame(program, function)).collect();
        let (circle, members) = circles(&frames);
        let mut graph = Graph { program, frames, circle, members, worst: Vec::new() };
        // Circles come in the order in which everything below them is known.
        for number in 0..graph.members.len() {
            let worst = graph.of_circle(number);
            graph.worst.push(worst);
        }
        Ok(graph)
    }

    fn of_circle(&self, number: usize) -> (u64, Option<Next>) {
        let members = &self.members[number];
        let is_recursive = self.is_recursive(number);
        let all: u64 = members.iter().map(|&member| self.frames[member].most).sum();
        let mut worst = (all, None);
        for &member in members {
            for call in self.frames[member].calls.iter().filter(|call| call.returns) {
                let (below, next) = match &call.target {
                    Target::Function(to) if self.circle[*to] == number => continue,
                    Target::Function(to) => (self.worst[self.circle[*to]].0, Next::Function(*to)),
                    Target::Outside(name) => (OUTSIDE, Next::Outside(name.clone())),
                    Target::Pointer => continue,
                };
                let above = if is_recursive { all } else { call.depth };
                if above + below > worst.0 {
                    worst = (above + below, Some(next));
                }
            }
        }
        worst
    }

    fn is_recursive(&self, number: usize) -> bool {
        let calls = |member: &usize| self.frames[*member].calls.iter();
        self.members[number].iter().flat_map(calls).any(|call| {
            call.returns && matches!(call.target, Target::Function(to) if self.circle[to] == number)
        })
    }

    /// What there is to say.
    pub(crate) fn answer(&self, path: &Path, known: &Known, options: &Options) -> Result<Answer> {
        let wanted = options.root.as_deref().map(Regex::new).transpose();
        let wanted = wanted.context("`--root` is no regular expression")?;
        let functions = self.program.functions.iter().enumerate();
        let polls = functions.clone().filter(|(_, function)| known.is_poll(function.address));
        let mut polls: Vec<(usize, Poll)> = polls
            .map(|(index, function)| {
                let poll = Poll {
                    name: self.name(index, known),
                    place: known.place(function.address),
                    frame: self.frames[index].most,
                    worst: self.worst[self.circle[index]].0,
                };
                (index, poll)
            })
            .collect();
        polls.sort_by_key(|(_, poll)| (std::cmp::Reverse(poll.frame), poll.name.clone()));
        let called: BTreeSet<usize> = self
            .frames
            .iter()
            .flat_map(|frame| &frame.calls)
            .filter_map(|call| match call.target {
                Target::Function(to) => Some(to),
                Target::Outside(_) | Target::Pointer => None,
            })
            .collect();
        let mut roots: Vec<usize> =
            polls.iter().map(|(index, _)| *index).filter(|index| !called.contains(index)).collect();
        for (index, function) in functions {
            let name = self.name(index, known);
            let is_wanted = wanted.as_ref().is_some_and(|wanted| wanted.is_match(&name));
            if (known.is_main(function.address) || is_wanted) && !roots.contains(&index) {
                roots.push(index);
            }
        }
        let mut chains: Vec<Chain> =
            roots.into_iter().map(|root| self.chain(root, known)).collect();
        chains.sort_by_key(|chain| std::cmp::Reverse(chain.bytes));
        let polls = polls.into_iter().map(|(_, poll)| poll).collect();
        Ok(Answer { program: path.to_owned(), polls, chains })
    }

    fn name(&self, index: usize, known: &Known) -> String {
        let function = &self.program.functions[index];
        known.name(function.address).unwrap_or_else(|| function.name.clone())
    }

    fn chain(&self, root: usize, known: &Known) -> Chain {
        let bytes = self.worst[self.circle[root]].0;
        let mut links = Vec::new();
        let mut is_recursive = false;
        let mut at = Some(Next::Function(root));
        while let Some(next) = at.take() {
            let Next::Function(index) = next else {
                if let Next::Outside(name) = next {
                    let name = format!("{name} (of a shared library)");
                    links.push(Link { name, frame: OUTSIDE, place: None, variables: Vec::new() });
                }
                break;
            };
            let circle = self.circle[index];
            is_recursive |= self.is_recursive(circle);
            for &member in std::iter::once(&index)
                .chain(self.members[circle].iter().filter(|member| **member != index))
            {
                let address = self.program.functions[member].address;
                links.push(Link {
                    name: self.name(member, known),
                    frame: self.frames[member].most,
                    place: known.place(address),
                    variables: known.largest(address),
                });
            }
            at = self.worst[circle].1.clone();
        }
        let (open, outside) = self.unknown(root, known);
        Chain { bytes, links, is_recursive, open, outside }
    }

    /// What is not known of everything below a function.
    fn unknown(&self, root: usize, known: &Known) -> (Vec<String>, Vec<String>) {
        let mut open = Vec::new();
        let mut outside = BTreeSet::new();
        let mut seen = BTreeSet::from([root]);
        let mut todo = std::collections::VecDeque::from([root]);
        while let Some(index) = todo.pop_front() {
            let frame = &self.frames[index];
            if frame.is_dynamic {
                open.push(format!("a frame of unknown size: {}", self.name(index, known)));
            }
            for call in frame.calls.iter().filter(|call| call.returns) {
                match &call.target {
                    Target::Function(to) => {
                        if seen.insert(*to) {
                            todo.push_back(*to);
                        }
                    }
                    Target::Outside(name) => drop(outside.insert(name.clone())),
                    Target::Pointer => {
                        let name = self.name(index, known);
                        let line = known.line(call.at);
                        open.push(match line {
                            Some(place) => format!("{name}, at {place}"),
                            None => name,
                        });
                    }
                }
            }
        }
        open.dedup();
        (open, outside.into_iter().collect())
    }
}

/// The circles of functions, by Tarjan's algorithm without recursion: a circle comes after all that are below it.
fn circles(frames: &[Frame]) -> (Vec<usize>, Vec<Vec<usize>>) {
    const UNSEEN: usize = usize::MAX;
    let below = |index: usize| -> Vec<usize> {
        let calls = frames[index].calls.iter().filter(|call| call.returns);
        calls
            .filter_map(|call| match call.target {
                Target::Function(to) => Some(to),
                Target::Outside(_) | Target::Pointer => None,
            })
            .collect()
    };
    let mut number = vec![UNSEEN; frames.len()];
    let mut lowest = vec![0; frames.len()];
    let mut circle = vec![UNSEEN; frames.len()];
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut stack = Vec::new();
    let mut next = 0;
    for root in 0..frames.len() {
        if number[root] != UNSEEN {
            continue;
        }
        let mut work = vec![(root, below(root), 0)];
        number[root] = next;
        lowest[root] = next;
        next += 1;
        stack.push(root);
        while let Some((index, calls, at)) = work.last_mut() {
            let index = *index;
            if let Some(&to) = calls.get(*at) {
                *at += 1;
                if number[to] == UNSEEN {
                    number[to] = next;
                    lowest[to] = next;
                    next += 1;
                    stack.push(to);
                    work.push((to, below(to), 0));
                } else if circle[to] == UNSEEN {
                    lowest[index] = lowest[index].min(number[to]);
                }
                continue;
            }
            work.pop();
            if let Some((parent, ..)) = work.last() {
                lowest[*parent] = lowest[*parent].min(lowest[index]);
            }
            if lowest[index] == number[index] {
                let mut of_circle = Vec::new();
                while let Some(member) = stack.pop() {
                    circle[member] = members.len();
                    of_circle.push(member);
                    if member == index {
                        break;
                    }
                }
                members.push(of_circle);
            }
        }
    }
    (circle, members)
}
