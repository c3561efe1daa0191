// A graph of stages and rules, and its pictures.
#pragma once

#include <string>
#include <vector>

#include "process/process.h"

namespace crm {

struct GraphNode {
  std::string id;
  std::string name;
  std::string note;  // a second line
  Outcome outcome = Outcome::none;
  bool rule = false;
};

struct GraphEdge {
  std::string from;
  std::string to;
  std::string label;
  bool rule = false;
};

struct Graph {
  std::string name;
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;  // between nodes that are there
};

// Graphviz.
std::string as_dot(const Graph& graph);
// A flowchart of Mermaid.
std::string as_mermaid(const Graph& graph);
// A picture by itself: stages from left to right, moves as arcs, rules below.
std::string as_svg(const Graph& graph);

}  // namespace crm
