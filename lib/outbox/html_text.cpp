#include "outbox/html_text.h"

namespace crm {
namespace {

constexpr std::string_view kItem = "- ";

class HtmlWriter {
 public:
  void line(std::string_view text) {
    if (text.empty()) {
      close();
    } else if (text.starts_with(kItem)) {
      open(Block::list, "<ul>\n");
      out_ += "<li>";
      append_html_text(out_, text.substr(kItem.size()));
      out_ += "</li>\n";
    } else {
      if (block_ == Block::paragraph) out_ += "<br>\n";
      open(Block::paragraph, "<p>");
      append_html_text(out_, text);
    }
  }
  std::string take() {
    close();
    return html_document(out_);
  }

 private:
  enum class Block { none, paragraph, list };

  void open(Block block, std::string_view tag) {
    if (block_ == block) return;
    close();
    out_ += tag;
    block_ = block;
  }
  void close() {
    if (block_ == Block::paragraph) out_ += "</p>\n";
    if (block_ == Block::list) out_ += "</ul>\n";
    block_ = Block::none;
  }

  std::string out_;
  Block block_ = Block::none;
};

}  // namespace

void append_html_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

std::string html_document(std::string_view body) {
  return "<!DOCTYPE html>\n<html><body>\n" + std::string(body) + "</body></html>\n";
}

std::string html_of(std::string_view text) {
  HtmlWriter writer;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    writer.line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return writer.take();
}

}  // namespace crm
