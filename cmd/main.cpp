#include "app/run.h"

int main(int argc, char** argv) {
  return crm::cmd::run(argc, argv);
}
