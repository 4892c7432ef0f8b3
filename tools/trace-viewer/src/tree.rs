//! The order of a waterfall: every span under its parent, siblings by start.

use std::collections::{HashMap, HashSet};

use opentelemetry::trace::SpanId;

use crate::model::{Span, Trace};

/// A span with its distance from the top of its tree.
pub(crate) struct Node<'a> {
    pub span: &'a Span,
    pub depth: usize,
}

/// All spans of a trace in the order they are drawn. A span whose parent was not received stands
/// at the top; so does one span of a circle of parents, which only a faulty sender makes.
pub(crate) fn in_tree_order(trace: &Trace) -> Vec<Node<'_>> {
    let by_time = trace.by_time();
    let mut children: HashMap<SpanId, Vec<&Span>> = HashMap::new();
    for span in &by_time {
        if let Some(parent) = span.parent {
            children.entry(parent).or_default().push(span);
        }
    }
    let (tops, rest): (Vec<&Span>, Vec<&Span>) =
        by_time.into_iter().partition(|span| trace.is_top(span));

    let mut nodes = Vec::new();
    let mut drawn = HashSet::new();
    for top in tops.into_iter().chain(rest) {
        // An explicit stack, because the depth is the sender's choice.
        let mut waiting = vec![Node { span: top, depth: 0 }];
        while let Some(node) = waiting.pop() {
            if !drawn.insert(node.span.id) {
                continue;
            }
            let depth = node.depth + 1;
            let below = children.get(&node.span.id).into_iter().flatten().rev();
            waiting.extend(below.map(|span| Node { span, depth }));
            nodes.push(node);
        }
    }
    nodes
}
