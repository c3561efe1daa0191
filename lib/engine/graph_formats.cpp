#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/width.h"
#include "engine/graph.h"

namespace crm {
namespace {

std::string replaced(std::string_view text, const std::vector<std::pair<char, std::string_view>>& escapes) {
  std::string out;
  for (const char c : text) {
    const auto found =
        std::find_if(escapes.begin(), escapes.end(), [c](const auto& one) { return one.first == c; });
    if (found == escapes.end()) {
      out += c;
    } else {
      out += found->second;
    }
  }
  return out;
}

std::string dot_text(std::string_view text) {
  return '"' + replaced(text, {{'"', "\\\""}, {'\\', "\\\\"}}) + '"';
}
std::string xml_text(std::string_view text) {
  return replaced(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}});
}
std::string mermaid_text(std::string_view text) {
  return replaced(text, {{'"', "#quot;"}, {'#', "#35;"}, {'<', "#lt;"}, {'>', "#gt;"}});
}

// Mermaid's names of nodes are plain words.
std::map<std::string, std::string> plain_ids(const Graph& graph) {
  std::map<std::string, std::string> ids;
  for (const GraphNode& node : graph.nodes)
    ids.emplace(node.id, (node.rule ? "r" : "s") + std::to_string(ids.size() + 1));
  return ids;
}

struct Place {
  int x = 0;
  int y = 0;
  int width = 0;
};

constexpr int kHeight = 44;
constexpr int kGap = 70;
constexpr int kMargin = 20;
constexpr int kLetter = 8;

std::string box(const GraphNode& node, const Place& at) {
  const std::string fill = node.rule                       ? "#fff7e0"
                           : node.outcome == Outcome::won  ? "#dff5df"
                           : node.outcome == Outcome::lost ? "#f5dfdf"
                                                           : "#e8eef8";
  const std::string x = std::to_string(at.x);
  const std::string middle = std::to_string(at.x + at.width / 2);
  return "<rect x=\"" + x + "\" y=\"" + std::to_string(at.y) + "\" width=\"" + std::to_string(at.width) +
         "\" height=\"" + std::to_string(kHeight) + "\" rx=\"6\" fill=\"" + fill +
         "\" stroke=\"#556\"/>\n<text x=\"" + middle + "\" y=\"" + std::to_string(at.y + 18) + "\">" +
         xml_text(node.name) + "</text>\n<text x=\"" + middle + "\" y=\"" + std::to_string(at.y + 36) +
         "\" class=\"note\">" + xml_text(node.note) + "</text>\n";
}

std::string arc(const GraphEdge& edge, const Place& from, const Place& to) {
  const int x1 = from.x + from.width / 2;
  const int x2 = to.x + to.width / 2;
  const bool below = edge.rule || x2 < x1;
  const int y1 = below && from.y <= to.y ? from.y + kHeight : from.y;
  const int y2 = below && from.y < to.y ? to.y : below ? to.y + kHeight : to.y;
  const int bend = from.y == to.y ? (below ? 1 : -1) * (20 + std::abs(x2 - x1) / 6) : 0;
  const int top = from.y == to.y ? y1 + bend : (y1 + y2) / 2;
  std::string path = "<path d=\"M" + std::to_string(x1) + ' ' + std::to_string(y1) + " Q" +
                     std::to_string((x1 + x2) / 2) + ' ' + std::to_string(top) + ' ' + std::to_string(x2) +
                     ' ' + std::to_string(y2) + "\" class=\"" + (edge.rule ? "rule" : "move") +
                     "\" marker-end=\"url(#tip)\"/>\n";
  if (!edge.label.empty())
    path += "<text x=\"" + std::to_string((x1 + x2) / 2) + "\" y=\"" + std::to_string((y1 + top) / 2 - 2) +
            "\" class=\"note\">" + xml_text(edge.label) + "</text>\n";
  return path;
}

}  // namespace

std::string as_dot(const Graph& graph) {
  std::string out =
      "digraph " + dot_text(graph.name) + " {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n";
  for (const GraphNode& node : graph.nodes) {
    // \n within a label is a new line to Graphviz.
    std::string label = dot_text(node.note.empty() ? node.name : node.name + "\x01" + node.note);
    if (!node.note.empty()) label.replace(label.find('\x01'), 1, "\\n");
    out += "  " + dot_text(node.id) + " [label=" + label +
           (node.rule                       ? ", shape=hexagon, style=dashed"
            : node.outcome != Outcome::none ? ", peripheries=2"
                                            : "") +
           "];\n";
  }
  for (const GraphEdge& edge : graph.edges) {
    out += "  " + dot_text(edge.from) + " -> " + dot_text(edge.to);
    if (!edge.label.empty()) out += " [label=" + dot_text(edge.label) + ']';
    if (edge.rule) out += " [style=dashed]";
    out += ";\n";
  }
  return out + "}\n";
}

std::string as_mermaid(const Graph& graph) {
  const auto ids = plain_ids(graph);
  std::string out = "flowchart LR\n";
  for (const GraphNode& node : graph.nodes) {
    const std::string text =
        "\"" + mermaid_text(node.name) + (node.note.empty() ? "" : "<br/>" + mermaid_text(node.note)) + "\"";
    const bool end = node.outcome != Outcome::none;
    out += "  " + ids.at(node.id) +
           (node.rule ? "{{" + text + "}}"
            : end     ? "([" + text + "])"
                      : "[" + text + "]") +
           "\n";
  }
  for (const GraphEdge& edge : graph.edges) {
    out += "  " + ids.at(edge.from) + (edge.rule ? " -.->" : " -->");
    if (!edge.label.empty()) out += "|" + mermaid_text(edge.label) + "|";
    out += " " + ids.at(edge.to) + "\n";
  }
  return out;
}

std::string as_svg(const Graph& graph) {
  std::map<std::string, Place> places;
  int stage_x = kMargin;
  int rule_x = kMargin;
  const int longest = static_cast<int>(graph.nodes.size()) * 30;
  const int stage_y = 40 + longest;
  const int rule_y = stage_y + kHeight + 60 + longest;
  for (const GraphNode& node : graph.nodes) {
    const auto widest = std::max(display_width(node.name), display_width(node.note));
    const int width = kLetter * static_cast<int>(widest) + 24;
    int& x = node.rule ? rule_x : stage_x;
    places[node.id] = {x, node.rule ? rule_y : stage_y, width};
    x += width + (node.rule ? kMargin : kGap);
  }
  std::string body;
  for (const GraphEdge& edge : graph.edges) body += arc(edge, places[edge.from], places[edge.to]);
  for (const GraphNode& node : graph.nodes) body += box(node, places[node.id]);
  const int width = std::max(stage_x, rule_x) + kMargin;
  const int height = rule_y + kHeight + kMargin;
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(width) + ' ' +
         std::to_string(height) + "\" width=\"" + std::to_string(width) + "\" height=\"" +
         std::to_string(height) + "\">\n<title>" + xml_text(graph.name) +
         "</title>\n<style>text{font:13px "
         "sans-serif;text-anchor:middle}.note{font-size:11px;fill:#556}path{fill:none;stroke:#556}.rule{"
         "stroke-dasharray:4 3}</style>\n"
         "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" "
         "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" "
         "style=\"fill:#556;stroke:none\"/></marker></defs>\n" +
         body + "</svg>\n";
}

}  // namespace crm
