import "tugi/toast-stack"
