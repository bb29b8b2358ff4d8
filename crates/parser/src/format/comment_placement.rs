//! Where the comments of a file go among the lines of its canonical form.

use super::builder::LayoutBuilder;
use super::comments::{Comment, line_start};
use crate::yaml::node::Node;

impl LayoutBuilder<'_> {
    /// Adds the comments that stand before `at`, each at the end of the last line if it was at the end of one.
    pub(super) fn comments_before(&mut self, at: usize, indent: usize) {
        while self.comments_written < self.comments.len() && self.comments[self.comments_written].start < at {
            self.comment(indent);
        }
    }

    /// The last comment before `at`.
    pub(super) fn comment_before(&self, at: usize) -> Option<&Comment> {
        self.comments[..self.comments.partition_point(|comment| comment.start < at)].last()
    }

    /// Adds the next comment.
    fn comment(&mut self, indent: usize) {
        let Some(comment) = self.comments.get(self.comments_written).cloned() else { return };
        self.comments_written += 1;
        match self.lines.last_mut() {
            Some(line) if !comment.own_line && self.markers.is_empty() && line.takes_comment() => {
                line.comment = Some(comment.text);
            }
            _ => {
                let signs = std::mem::take(&mut self.markers);
                self.line(comment.start, indent - signs.len(), comment.text);
                self.markers = signs;
            }
        }
    }

    /// Adds the comments between `from` and `to` above what begins at `from`, if one of them has a line of its own.
    pub(super) fn lift_comments(&mut self, from: usize, to: usize, indent: usize) {
        let end = self.comments.partition_point(|comment| comment.start < to).max(self.comments_written);
        let between = &mut self.comments[self.comments_written..end];
        if between.iter().any(|comment| comment.start > from && comment.own_line) {
            between.iter_mut().for_each(|comment| comment.own_line = true);
            self.comments_before(to, indent);
        }
    }

    /// Adds the comments after the last line of a collection that belong to it by their indentation.
    pub(super) fn comments_within(&mut self, node: &Node, indent: usize) {
        let span = node.span().range();
        // A value that is not written begins where its mapping ends.
        let next = self.starts.partition_point(|start| *start <= span.end);
        let next = self.starts.get(next).copied().unwrap_or(usize::MAX);
        let line = line_start(self.text, span.start);
        let column = self.text[line..span.start].chars().count();
        let belongs = |comment: &Comment| {
            comment.start < span.end || comment.start < next && (!comment.own_line || comment.column >= column.max(1))
        };
        while self.comments.get(self.comments_written).is_some_and(belongs) {
            self.comment(indent);
        }
    }
}
