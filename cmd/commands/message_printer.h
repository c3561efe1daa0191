// Messages on the standard output: as text for people, or as rows in the format that was asked for.
#pragma once

#include <crm/outbox.h>

#include <memory>

#include "app/context.h"

namespace crm::cmd {

class MessagePrinter final : public MessageSink {
 public:
  // `expected`: messages may come. Otherwise, where none does, not even an empty list is printed.
  MessagePrinter(Context& context, bool expected);
  // Printed and flushed when it returns.
  void message(const Message& message) override;
  // After the last one.
  void finish();

 private:
  bool as_text() const;
  void begin();
  void print_text(const Message& message);

  Context& context_;
  bool expected_;
  std::unique_ptr<Writer> writer_;  // null: text, or nothing came yet
  bool first_ = true;
};

}  // namespace crm::cmd
